"""How to reach the courier: the carrier's hotline, and asking the courier to call."""

from actions.backend import Backend
from actions.beginning import begin_report
from actions.faq import faq, topic_for
from actions.hotlines import Hotline, hotline
from actions.house_action import HouseAction
from actions.labels import carrier_readings, readings
from actions.offers import COURIER, REPORT, offer_person, offering
from actions.parcel_news import look
from actions.reply import Reply, remember, say
from actions.turn import Turn

_INTENT = "courier_contact"
_CALL_BACK = "call_back"
_LONGEST_NAME = 5


async def known_hotline(turn: Turn, backend: Backend, waybill_no: str | None) -> Hotline | None:
    """The hotline of the carrier named, else of the parcel's. Raises BackendError."""
    named = hotline(turn.entity("carrier"))
    if named is not None or waybill_no is None:
        return named
    answer = await look(turn, backend, waybill_no)
    return hotline(answer.shipment.carrier_code) if answer.shipment else None


async def courier_number(turn: Turn, backend: Backend, waybill_no: str | None) -> Reply:
    """The number to call, or where to find it. Raises BackendError."""
    found = await known_hotline(turn, backend, waybill_no)
    if found is None:
        topic = topic_for(_INTENT, turn.text)
        return say("say_faq", answer=topic.answer if topic else "")
    if found.number is None:
        return say("say_courier_no_number", carrier=found.carrier)
    return say("say_courier_number", carrier=found.carrier, hotline=found.number)


def is_carrier_alone(turn: Turn) -> bool:
    """Whether a message only names a carrier."""
    return hotline(turn.entity("carrier")) is not None and len(turn.text) <= _LONGEST_NAME


def about_carrier(turn: Turn) -> Reply:
    """Only a carrier's name: its parcel, or its telephone? Asked once, then a person."""
    if turn.earlier and turn.earlier[-1].text == turn.text:
        return offer_person(turn)
    carrier = turn.spoken("carrier") or turn.text
    buttons = tuple(each.format(carrier=carrier) for each in carrier_readings())
    buttons = (*buttons, readings()["talk_to_human"])
    return say("say_clarify_carrier", carrier=carrier, buttons=buttons)


class ActionCourierContact(HouseAction):
    """The customer wants to speak to the courier."""

    def name(self) -> str:
        """As in the domain."""
        return "action_courier_contact"

    async def answer(self, turn: Turn) -> Reply:
        """A number, and the offer to have the courier call; who wants that gets it at once."""
        topic = topic_for(_INTENT, turn.text)
        if topic and topic.begin:
            return begin_report(turn, topic.begin, description=topic.description)
        waybill_no = next(iter(turn.waybills), None) or turn.slot("waybill_no")
        told = await courier_number(turn, self.backend, waybill_no)
        focus = remember(waybill_no=waybill_no) if turn.waybills else Reply()
        if waybill_no is None and hotline(turn.entity("carrier")) is None:
            return told + offering(turn, COURIER)
        return told + focus + offer_call_back(turn)


def offer_call_back(turn: Turn) -> Reply:
    """Offer to file a wish that the courier calls."""
    topic = next(topic for topic in faq()[_INTENT] if topic.topic == _CALL_BACK)
    offer = offering(turn, REPORT, kind=topic.begin, description=topic.description)
    return say("say_courier_offer") + offer
