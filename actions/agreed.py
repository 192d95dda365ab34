"""What a person has agreed with the customer while the bot was silent. Pure."""

import re

from actions.reply import Reply, say
from actions.turn import Turn

_PERSON = r"(?:客服|人工|同事|坐席|小[\u4e00-\u9fff]|他|她|你们)"
_SAID = r"(?:怎么说|咋说|说了?(?:些|点)?(?:什么|啥)|说的|讲的|答应|承诺|保证|同意)"
_ASKS = re.compile(
    rf"{_PERSON}(?!电话).{{0,6}}{_SAID}|(?:说|讲|谈|商量|约)好(?:的|了|过)?|答应(?:我|过|了|好)|承诺(?:我|过|了|的)"
    r"|(?:赔|补|退)(?:我|给我)?(?:多少|几|什么).{0,4}(?:来着|来的)"
)
_MARKS = "。！？!?.；;，, "


def recalled(turn: Turn) -> Reply | None:
    """The answer to a question about what was agreed; None where it is none, or nothing was."""
    agreed = turn.slot("agreed") or {}
    if not agreed.get("text") or not _ASKS.search(turn.text):
        return None
    return say("say_agreed", agreed=agreed["text"].strip(_MARKS), at=agreed.get("at") or "")
