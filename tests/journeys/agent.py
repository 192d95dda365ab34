"""A person at the desk: tickets and waiting conversations, through the public API."""

from __future__ import annotations

from typing import Any

import httpx


class Agent:
    """Signs in with a password and works."""

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
        path = f"/api/tickets/{ticket_no}/steps/{step}/complete"
        return self._dict("POST", path, json={"note": note})

    def waiting(self) -> list[dict[str, Any]]:
        """Return the conversations in people's hands, longest waiting first."""
        response = self.http.get("/api/conversations")
        response.raise_for_status()
        found: list[dict[str, Any]] = response.json()
        return found

    def newest_waiting(self) -> dict[str, Any]:
        """Return the conversation that came last."""
        return max(self.waiting(), key=lambda conversation: str(conversation["queued_at"]))

    def reply(self, conversation_id: str, text: str) -> dict[str, Any]:
        """Speak to a customer."""
        path = f"/api/conversations/{conversation_id}/replies"
        return self._dict("POST", path, json={"text": text})

    def give_back(self, conversation_id: str) -> dict[str, Any]:
        """Let the bot go on."""
        return self._dict("POST", f"/api/conversations/{conversation_id}/give-back")

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
