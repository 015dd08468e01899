"""Every kind of channel there is, by the name under which it is kept."""

from services.channels.carrier import Carrier
from services.channels.dingtalk import DingTalk
from services.channels.feishu import Feishu
from services.channels.in_app import InApp
from services.channels.mail import Mail
from services.channels.sms import Sms
from services.channels.webhook import Webhook
from services.channels.wecom import WeCom

KINDS: dict[str, Carrier] = {
    "in_app": InApp(),
    "mail": Mail(),
    "webhook": Webhook(),
    "wecom": WeCom(),
    "dingtalk": DingTalk(),
    "feishu": Feishu(),
    "sms": Sms(),
}
