"""What is wrong with an official paper, or with the template that it is made from."""

from workflows.catalogue.family import Family
from workflows.words import Text

_B, _R = Family.BAD_INPUT, Family.REFUSED

PAPERS: dict[str, tuple[Family, Text]] = {
    "paper_form": (
        _B,
        Text("没有“{name}”这种公文，可用的有：{forms}。", "There is no paper “{name}”; known are: {forms}."),
    ),
    "paper_kind": (
        _B,
        Text(
            "“{kind}”不能写成{zh}，或者不是这件事所要的材料：请从案卷页面的“写一份”进入。",
            "“{kind}” is not written as a {en}, or not asked for here; begin from “write it here” on the case's page.",
        ),
    ),
    "paper_not_yours": (
        Family.NOT_YOURS,
        Text("{zh}不由本单位这类机关制发。", "A {en} is not issued by a body of your kind."),
    ),
    "paper_done": (
        Family.CONFLICT,
        Text(
            "这份公文已经签发、撤回或放弃，请刷新后查看现在的情况。",
            "This paper has been issued, withdrawn or dropped already; look at it again to see how it stands.",
        ),
    ),
    "paper_unconfirmed": (
        _R,
        Text(
            "请先确认“{zh}”，没有确认不能成文。",
            "“{en}” must be confirmed first; without it there is no such paper.",
        ),
    ),
    "paper_no_mark": (
        _R,
        Text(
            "本单位还没有机关代字，不能编号：请系统管理员在“公文模板”页面设置后再签发。",
            "Your body has no agency mark, so there is no number to give: have an administrator set it on the page of templates, then issue it.",
        ),
    ),
    "paper_filed": (
        _R,
        Text(
            "这份公文已经作为办理步骤的材料归入案卷，不能撤回：如有错误，请另行发文更正。",
            "This paper serves as evidence of a step and cannot be withdrawn; if it is wrong, issue another that corrects it.",
        ),
    ),
    "pdf_failed": (
        Family.UNAVAILABLE,
        Text(
            "PDF多次没有转换成功；Word原件不受影响，可以稍后再试。",
            "The PDF could not be made in several tries; the Word file is not touched by that, and it can be tried again later.",
        ),
    ),
    "slip_over": (
        Family.NOT_FOUND,
        Text(
            "这个回执码无效或已经过期。如有需要，请按通知书上的联系方式联系。",
            "This code is not valid, or its time is over. If need be, turn to the contact named on the notice.",
        ),
    ),
    "slip_used": (
        Family.CONFLICT,
        Text(
            "这份通知书的回执已经提交过，不能重复提交。如需更正，请按通知书上的联系方式联系。",
            "This notice has been answered already and takes no second answer. To correct it, turn to the contact named on the notice.",
        ),
    ),
    "template_code": (
        _B,
        Text(
            "模板里有代码，或花括号没有成对：模板只能写“{{ 空格名 }}”，且只能写在正文、页眉、页脚里。请改正后再上传。",
            "The template holds code, or braces without a partner: it may only show “{{ blank }}”, in its text, header and footer. Mend it and upload it again.",
        ),
    ),
    "template_blank": (
        _B,
        Text(
            "模板里有不认识的空格“{name}”；这种公文可用的有：{known}。",
            "The template shows a blank “{name}” that is not known; this paper has: {known}.",
        ),
    ),
    "template_lacks": (
        _B,
        Text(
            "模板里缺少：{names}。没有这些内容就不成为这种公文，请补上后再上传。",
            "The template lacks: {names}. Without them it is no paper of this kind; add them and upload it again.",
        ),
    ),
    "template_link": (
        _B,
        Text(
            "模板里有指向外部的链接、图片或样板：请改为文件自带的内容后再上传。",
            "The template points to links, pictures or templates elsewhere: keep everything in the file itself and upload it again.",
        ),
    ),
    "template_field": (
        _B,
        Text(
            "模板里有域代码“{name}”：只能使用页码和页数，请删去后再上传。",
            "The template has a field “{name}”: only page numbers may be used. Remove it and upload it again.",
        ),
    ),
    "template_unfit": (
        _B,
        Text(
            "这个模板不能填写：请用Word或WPS另存为docx文件后再上传。",
            "This template cannot be filled in: save it again as a docx file in Word or WPS and upload that.",
        ),
    ),
}
