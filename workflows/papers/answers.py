"""What an enterprise may answer to a union-founding notice. Each is taken down as it is said; none is a consent or a refusal in law."""

from workflows.words import Text

EVENT = "enterprise.replied"

ANSWERS: dict[str, Text] = {
    "supports": Text(
        "支持职工依法建会，请与我们联系", "We support our workers in founding a union; please get in touch"
    ),
    "wants_visit": Text(
        "想先了解情况，请派人上门说明", "We should like to know more first; please send somebody"
    ),
    "has_union": Text("本单位已有工会或正在筹建", "There is a union here already, or one is being formed"),
    "later": Text("目前有困难，请过些时候再联系", "It is difficult at present; please come back later"),
}
