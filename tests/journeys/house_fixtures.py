"""One running house for journeys and browser tests alike, and the people who use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.customer import Customer
from tests.journeys.heard import Heard, Story
from tests.journeys.privacy import leaks, phone_numbers, secrets_of, whole
from tests.support.house import running_house
from ticketing.run.demo import sign_in_of
from ticketing.run.system import System

NewCustomer = Callable[[], Customer]


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest) -> Iterator[System]:
    """Every process, real; with the web pages when a browser is to look at them."""
    with_console = any(item.get_closest_marker("browser") for item in request.session.items)
    with running_house(with_console=with_console) as system:
        yield system


@pytest.fixture(scope="session")
def whole_carrier_world(house: System) -> Iterator[CarrierWorld]:
    """The sandbox for the whole session: no parcel is taken twice."""
    world = CarrierWorld(house.plan.sandbox_url)
    yield world
    world.close()


@pytest.fixture
def carrier_world(whole_carrier_world: CarrierWorld) -> CarrierWorld:
    """The sandbox without faults and with no parcel handed out yet."""
    whole_carrier_world.heal()
    whole_carrier_world.handed_out.clear()
    return whole_carrier_world


@pytest.fixture
def new_customer(house: System, carrier_world: CarrierWorld) -> Iterator[NewCustomer]:
    """Make customers; afterwards nobody may have heard what they had no right to."""
    customers: list[Customer] = []

    def make() -> Customer:
        customers.append(Customer(house.plan.api_url))
        return customers[-1]

    yield make
    for customer in customers:
        check_privacy(customer.story, carrier_world)
        customer.close()


@pytest.fixture
def customer(new_customer: NewCustomer) -> Customer:
    """One customer with a fresh conversation."""
    return new_customer()


@contextmanager
def agent_of(house: System) -> Iterator[Agent]:
    """Sign the demo's agent in, and the manager beside them, who is of the finance team."""
    known, url = sign_in_of(house.plan.data_dir), house.plan.api_url
    agent = Agent(url, known["username"], known["password"])
    agent.cashier = Agent(url, known["manager_username"], known["manager_password"])
    try:
        yield agent
    finally:
        agent.cashier.close()
        agent.close()


@pytest.fixture
def agent(house: System) -> Iterator[Agent]:
    """The demo's agent, signed in."""
    with agent_of(house) as agent:
        yield agent


@pytest.fixture
def lead(house: System) -> Iterator[Agent]:
    """The demo's lead, signed in."""
    sign_in = sign_in_of(house.plan.data_dir)
    lead = Agent(house.plan.api_url, sign_in["lead_username"], sign_in["lead_password"])
    yield lead
    lead.close()


def check_privacy(story: Story, world: CarrierWorld) -> None:
    """Fail when a conversation was told a phone number, or details before the digits."""
    heard = [step for step in story if isinstance(step, Heard)]
    assert phone_numbers(heard) == []
    # Scans come in while a conversation goes on: what other parcels may tell is read anew.
    now = {each.waybill_no: world.as_it_is_now(each) for each in world.handed_out}
    known = (*world.handed_out, *now.values())
    cities = frozenset(each.city for each in known if each.city)
    spoken = "\n".join(step if isinstance(step, str) else whole(step) for step in story)
    for parcel in (each for each in world.handed_out if each.waybill_no in spoken):
        others = [each for each in known if each.waybill_no != parcel.waybill_no]
        # A parcel whose digits were shown is told of with every place it has been at.
        theirs = [
            secrets_of(each) | (each.places if each.waybill_no in spoken else frozenset())
            for each in others
        ]
        told = leaks(story, parcel, cities.union(*theirs))
        assert told == [], f"told before the digits of {parcel.waybill_no}: {told}"
