"""A person at the desk: tickets and waiting conversations, through the public API."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

from tests.support.filling import filled

MOST_STEPS = 30


FINANCE = "finance"


class Agent:
    """Signs in with a password and works; what is for finance is done by the `cashier`."""

    cashier: Agent | None = None

    def __init__(self, api_url: str, username: str, password: str) -> None:
        self.http = httpx.Client(base_url=api_url, timeout=10, trust_env=False)
        form = {"grant_type": "password", "username": username, "password": password}
        signed_in = self.http.post("/api/oauth/token", data=form)
        signed_in.raise_for_status()
        self.http.headers["Authorization"] = f"Bearer {signed_in.json()['access_token']}"

    def ticket(self, ticket_no: str) -> dict[str, Any]:
        """Return a ticket whole."""
        return self._dict("GET", f"/api/tickets/{ticket_no}")

    def tickets_of(self, waybill_no: str) -> list[dict[str, Any]]:
        """Return the tickets about a parcel."""
        found = self._dict("GET", "/api/tickets", params={"waybill_no": waybill_no})
        tickets: list[dict[str, Any]] = found["tickets"]
        return tickets

    def complete_current(self, ticket_no: str, note: str = "") -> dict[str, Any]:
        """Complete the current step of a ticket; return the ticket after it."""
        step = current_step(self.ticket(ticket_no))
        assert step is not None, f"{ticket_no} has no current step"
        return self.complete(ticket_no, step, note)

    def complete(self, ticket_no: str, step: str, note: str = "", **given: Any) -> dict[str, Any]:
        """Complete an open step with its form filled in; return the ticket after it."""
        response = self.try_to_complete(ticket_no, step, note, **given)
        assert response.status_code == 200, f"{step}: {response.status_code} {response.text}"
        moved: dict[str, Any] = response.json()
        return moved

    def try_to_complete(
        self, ticket_no: str, step: str, note: str = "", **given: Any
    ) -> httpx.Response:
        """Do the same, and return whatever comes of it."""
        todo = {each["step"]: each for each in self.ticket(ticket_no)["open_steps"]}
        assert step in todo, f"{step} is not to be done, but {sorted(todo)}"
        form = todo[step]["form"]
        body = {"note": note, "data": filled(form, **given) if form else {}}
        is_for_finance = todo[step]["queue"] == FINANCE
        by = self.cashier if is_for_finance and self.cashier else self
        return by.http.post(f"/api/tickets/{ticket_no}/steps/{step}/complete", json=body)

    def bring_to(self, ticket_no: str, step: str) -> dict[str, Any]:
        """Complete whatever comes before a step; return the ticket as it is then."""
        ticket = self.ticket(ticket_no)
        for _ in range(MOST_STEPS):
            todo = [each["step"] for each in ticket["open_steps"]]
            if step in todo:
                return ticket
            ticket = self.complete(ticket_no, todo[0])
        raise AssertionError(f"{ticket_no} never comes to {step}")

    def open(self, **complaint: Any) -> dict[str, Any]:
        """Open a ticket at the desk."""
        filed = self._dict("POST", "/api/tickets", json=complaint)
        ticket: dict[str, Any] = filed["ticket"]
        return ticket

    def waiting(self) -> list[dict[str, Any]]:
        """Return the conversations in people's hands, longest waiting first."""
        desk = self._dict("GET", "/api/desk")
        found = [*desk["waiting"], *desk["mine"], *desk["others"]]
        return sorted(found, key=lambda conversation: str(conversation["queued_at"]))

    def newest_waiting(self) -> dict[str, Any]:
        """Return the conversation that came last."""
        return self.waiting()[-1]

    def reply(self, conversation_id: str, text: str) -> dict[str, Any]:
        """Speak to a customer, and take the conversation before where it waits."""
        if self.talk(conversation_id)["owner"] == "queue":
            self._hands(conversation_id, "take")
        response = self.try_to_reply(conversation_id, text)
        assert response.status_code < 300, f"{response.status_code} {response.text}"
        said: dict[str, Any] = response.json()
        return said

    def try_to_reply(self, conversation_id: str, text: str) -> httpx.Response:
        """Speak to a customer, and return whatever comes of it."""
        epoch = self.talk(conversation_id)["owner_epoch"]
        body = {"message_id": str(uuid.uuid4()), "epoch": epoch, "text": text}
        return self.http.post(f"/api/desk/conversations/{conversation_id}/replies", json=body)

    def talk(self, conversation_id: str) -> dict[str, Any]:
        """Return a conversation as the desk shows it."""
        return self._dict("GET", f"/api/desk/conversations/{conversation_id}")

    def give_back(self, conversation_id: str) -> dict[str, Any]:
        """Let the bot go on."""
        return self._hands(conversation_id, "give-back")

    def _hands(self, conversation_id: str, deed: str) -> dict[str, Any]:
        body = {"epoch": self.talk(conversation_id)["owner_epoch"]}
        path = f"/api/desk/conversations/{conversation_id}/{deed}"
        return self._dict("POST", path, json=body)

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def _dict(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        response = self.http.request(method, path, **more)
        assert response.status_code < 300, f"{path}: {response.status_code} {response.text}"
        found: dict[str, Any] = response.json()
        return found


def current_step(ticket: dict[str, Any]) -> str | None:
    """Return the name of the step being worked on."""
    current = (step["step"] for step in ticket["steps"] if step["state"] == "current")
    return next(current, None)
