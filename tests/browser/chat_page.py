"""The customers' chat page as a browser test sees it: Playwright's sync API, one method a deed."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

REPLY_TIMEOUT = 15.0


@dataclass(frozen=True)
class ChatMessage:
    """A message in the log; `seq` is None while the server has not acknowledged it."""

    author: str
    text: str
    seq: int | None
    delivery: str


@dataclass(frozen=True)
class ParcelCardView:
    """What a parcel card shows; `events` are the scan texts, newest first."""

    waybill_no: str
    carrier_name: str
    status: str
    status_label: str
    city: str | None
    eta: str | None
    events: tuple[str, ...]


@dataclass(frozen=True)
class TicketStepView:
    """One step of a ticket card; `state` is done, current or waiting."""

    step: str
    label: str
    state: str


@dataclass(frozen=True)
class TicketCardView:
    """What a ticket card shows; `state` is open, paused, resolved or closed."""

    ticket_no: str
    kind_label: str
    state: str
    state_label: str
    steps: tuple[TicketStepView, ...]


class ChatPage:
    """One customer's chat page. Times are seconds; waiting too long is an AssertionError."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_test_id("message-log")
        self.field = page.get_by_test_id("composer-input")
        self.offline_banner = page.get_by_test_id("offline-banner")
        self.typing_indicator = page.get_by_test_id("typing-indicator")

    def open(self, url: str, timeout: float = REPLY_TIMEOUT) -> None:
        """Go to `url` (…/chat) and wait until it is online and its history has arrived."""
        self.page.goto(url)
        self.wait_until_ready(timeout)

    def reload(self) -> None:
        """Reload the page as the same customer."""
        self.page.reload()
        self.wait_until_ready()

    def wait_until_ready(self, timeout: float = REPLY_TIMEOUT) -> None:
        """Wait until the page is online and its history has arrived."""
        expect(self.log).to_have_attribute("data-loaded", "true", timeout=timeout * 1000)
        self.wait_for_link("online", timeout)

    def wait_for_link(self, state: str, timeout: float = REPLY_TIMEOUT) -> None:
        """Wait until the header says connecting, online or offline."""
        header = self.page.get_by_test_id("connection-state")
        expect(header).to_have_attribute("data-state", state, timeout=timeout * 1000)

    def say(self, text: str) -> None:
        """Write `text` and press Enter."""
        self.field.fill(text)
        self.field.press("Enter")

    def wait_for_reply(self, containing: str, timeout: float = REPLY_TIMEOUT) -> ChatMessage:
        """Wait for an answer below the customer's last message with this in its text."""
        reply = self._replies().filter(has_text=containing).first
        expect(reply).to_be_visible(timeout=timeout * 1000)
        return _message(reply)

    def wait_until_delivered(self, timeout: float = REPLY_TIMEOUT) -> None:
        """Wait until the server has acknowledged everything the customer wrote."""
        unsent = self.log.locator('[data-testid="message"]:not([data-delivery="sent"])')
        expect(unsent).to_have_count(0, timeout=timeout * 1000)

    def messages(self) -> list[ChatMessage]:
        """Every message of the log, in the order shown."""
        return [_message(message) for message in self.log.get_by_test_id("message").all()]

    def press_quick_reply(self, title: str) -> None:
        """Press the newest quick reply of this title that still may be pressed."""
        self._quick_replies(title).and_(self.page.locator(":enabled")).last.click()

    def quick_reply_is_enabled(self, title: str) -> bool:
        """Tell whether the newest quick reply of this title may be pressed."""
        return self._quick_replies(title).last.is_enabled()

    def parcel_card(self, timeout: float = REPLY_TIMEOUT) -> ParcelCardView:
        """Wait for a parcel card and read the newest, its timeline unfolded."""
        card = self.page.get_by_test_id("parcel-card").last
        expect(card).to_be_visible(timeout=timeout * 1000)
        self._unfold(card)
        return ParcelCardView(
            waybill_no=_text(card, "parcel-waybill"),
            carrier_name=_text(card, "parcel-carrier"),
            status=card.get_attribute("data-status") or "",
            status_label=_text(card, "parcel-status"),
            city=_text_or_none(card, "parcel-city"),
            eta=_text_or_none(card, "parcel-eta"),
            events=tuple(card.get_by_test_id("parcel-event-text").all_inner_texts()),
        )

    def ticket_card(self, timeout: float = REPLY_TIMEOUT) -> TicketCardView:
        """Wait for a ticket card and read the newest."""
        card = self.page.get_by_test_id("ticket-card").last
        expect(card).to_be_visible(timeout=timeout * 1000)
        return TicketCardView(
            ticket_no=_text(card, "ticket-no"),
            kind_label=_text(card, "ticket-kind"),
            state=card.get_attribute("data-state") or "",
            state_label=_text(card, "ticket-state"),
            steps=tuple(_step(step) for step in card.get_by_test_id("ticket-step").all()),
        )

    def screenshot(self, path: Path | str) -> None:
        """Keep a picture of the window; missing folders are made."""
        self.page.screenshot(path=str(path), animations="disabled")

    def _replies(self) -> Locator:
        """The messages of others below the customer's newest one, or all of them."""
        message = 'article[@data-testid="message"]'
        return self.log.locator(
            f'xpath=//{message}[@data-author!="customer"]'
            f'[not(following-sibling::{message}[@data-author="customer"])]'
        )

    def _quick_replies(self, title: str) -> Locator:
        exactly = re.compile(rf"^\s*(✓\s*)?{re.escape(title)}\s*$")
        return self.log.get_by_test_id("quick-reply").filter(has_text=exactly)

    @staticmethod
    def _unfold(card: Locator) -> None:
        toggle = card.get_by_test_id("parcel-timeline-toggle")
        if toggle.count() > 0 and toggle.get_attribute("aria-expanded") == "false":
            toggle.click()


def _message(message: Locator) -> ChatMessage:
    seq = message.get_attribute("data-seq")
    return ChatMessage(
        author=message.get_attribute("data-author") or "",
        text=_text_or_none(message, "message-text") or "",
        seq=int(seq) if seq else None,
        delivery=message.get_attribute("data-delivery") or "",
    )


def _step(step: Locator) -> TicketStepView:
    return TicketStepView(
        step=step.get_attribute("data-step") or "",
        label=_text(step, "ticket-step-label"),
        state=step.get_attribute("data-state") or "",
    )


def _text(parent: Locator, test_id: str) -> str:
    return parent.get_by_test_id(test_id).inner_text()


def _text_or_none(parent: Locator, test_id: str) -> str | None:
    found = parent.get_by_test_id(test_id)
    return found.inner_text() if found.count() > 0 else None
