"""The agents' desk as a browser test sees it: Playwright's sync API, one method a deed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PATIENCE = 15.0


class DeskPage:
    """One agent's window of the desk. Times are seconds; waiting too long is an AssertionError."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.log = page.get_by_test_id("log")
        self.holder = page.get_by_test_id("holder")

    def sign_in(self, username: str, password: str) -> None:
        """Sign in, and be at the desk and available."""
        self.page.goto(f"{self.url}/console/sign-in")
        self.page.get_by_test_id("username").fill(username)
        self.page.get_by_test_id("password").fill(password)
        self.page.get_by_test_id("sign-in").click()
        self.wait_until_usable()
        self.page.get_by_test_id("presence").select_option("available")

    def wait_until_usable(self) -> None:
        """Wait until the desk shows its lists and its line is open."""
        expect(self.page.get_by_test_id("list-mine")).to_be_attached(timeout=PATIENCE * 1000)
        line = self.page.get_by_test_id("connection")
        expect(line).to_have_attribute("data-link", "online", timeout=PATIENCE * 1000)

    def row(self, words: str) -> Locator:
        """Return the row of the conversation whose newest message says this."""
        return self.page.get_by_test_id("row").filter(has_text=words).first

    def row_of(self, conversation: str) -> Locator:
        """Return the row of a conversation."""
        return self.page.locator(f'[data-testid="row"][data-id="{conversation}"]').first

    def open(self, words: str) -> str:
        """Open the conversation whose newest message says this; return its id."""
        row = self.row(words)
        expect(row).to_be_visible(timeout=PATIENCE * 1000)
        conversation = row.get_attribute("data-id") or ""
        row.get_by_test_id("row-open").click()
        self.wait_for_message(words)
        return conversation

    def accept(self, words: str) -> None:
        """Accept the conversation that is offered, in which somebody has said this."""
        offer = self.page.get_by_test_id("offer").first
        expect(offer).to_be_visible(timeout=PATIENCE * 1000)
        offer.get_by_test_id("accept").click()
        self.wait_for_message(words)
        self.wait_for_holder("agent")

    def take(self) -> None:
        """Take the open conversation."""
        self.page.get_by_test_id("take").click()
        self.wait_for_holder("agent")

    def wait_for_holder(self, owner: str) -> None:
        """Wait until the open conversation is the bot's, a queue's, an agent's or closed."""
        expect(self.holder).to_have_attribute("data-owner", owner, timeout=PATIENCE * 1000)

    def say(self, words: str) -> None:
        """Answer the customer."""
        self.page.get_by_test_id("mode-reply").click()
        self.page.get_by_test_id("composer").fill(words)
        self.page.get_by_test_id("send").click()
        self.wait_for_message(words)

    def note(self, words: str) -> None:
        """Leave a note for colleagues."""
        self.page.get_by_test_id("mode-note").click()
        self.page.get_by_test_id("composer").fill(words)
        self.page.get_by_test_id("send").click()
        note = self.page.get_by_test_id("note").filter(has_text=words)
        expect(note).to_be_visible(timeout=PATIENCE * 1000)

    def wait_for_message(self, words: str) -> Locator:
        """Wait until a message of the open conversation says this."""
        message = self.log.get_by_test_id("message").filter(has_text=words).last
        expect(message).to_be_visible(timeout=PATIENCE * 1000)
        return message

    def wait_for_picture(self) -> None:
        """Wait until a picture of the open conversation is shown, not merely named."""
        picture = self.log.get_by_test_id("picture").locator("img").last
        expect(picture).to_be_visible(timeout=PATIENCE * 1000)
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('[data-testid=picture] img')]"
            ".some(image => image.naturalWidth > 1)",
            timeout=PATIENCE * 1000,
        )

    def transfer(self, goal: str, note: str) -> None:
        """Pass the open conversation on to `agent:NAME` or `queue:NAME`."""
        self.page.get_by_test_id("transfer").click()
        self.page.get_by_test_id("transfer-to").select_option(goal)
        self.page.get_by_test_id("transfer-note").fill(note)
        self.page.get_by_test_id("transfer-send").click()

    def give_back(self, agreed: str) -> None:
        """Give the open conversation back to the bot."""
        self.page.get_by_test_id("give-back").click()
        self.page.get_by_test_id("agreed").fill(agreed)
        self.page.get_by_test_id("end-confirm").click()
        self.wait_for_holder("bot")

    def screenshot(self, path: Path | str) -> None:
        """Keep a picture of the window; missing folders are made."""
        self.page.screenshot(path=str(path), animations="disabled")
