"""Guessing gets slower, in virtual time; nobody else is slowed, and memory has an end."""

import pytest

from net.security.client_network import client_network
from net.security.login_backoff import (
    DELAY_MAX_S,
    FIRST_DELAY_S,
    FORGET_AFTER_S,
    FREE_ATTEMPTS,
    MAX_TRACKED_NETWORKS,
    LoginBackoff,
)


def failed_times(count, now=0.0):
    throttle = LoginBackoff()
    for _ in range(count):
        throttle.record_failure("eve", now)
    return throttle


def test_slips_are_free_and_the_third_in_a_row_is_not():
    assert failed_times(FREE_ATTEMPTS - 1).retry_after_s("eve", 0.0) == 0.0
    throttle = failed_times(FREE_ATTEMPTS)
    assert throttle.retry_after_s("eve", 0.0) == FIRST_DELAY_S
    assert throttle.retry_after_s("eve", FIRST_DELAY_S) == 0.0


def test_each_failure_costs_twice_the_last_up_to_a_cap():
    waits = [failed_times(FREE_ATTEMPTS + n).retry_after_s("eve", 0.0) for n in range(10)]
    assert waits[:4] == [FIRST_DELAY_S * 2**n for n in range(4)]
    assert waits[-1] == DELAY_MAX_S
    assert failed_times(5000).retry_after_s("eve", 0.0) == DELAY_MAX_S


def test_a_day_of_guessing_tries_no_more_than_some_words():
    throttle, now, guesses = LoginBackoff(), 0.0, 0
    while now < 86_400:
        throttle.record_failure("eve", now)
        guesses += 1
        now += throttle.retry_after_s("eve", now)
    assert guesses < 1_500


def test_others_are_not_slowed_and_success_forgives():
    throttle = failed_times(10)
    assert throttle.retry_after_s("ana", 0.0) == 0.0
    throttle.reset("eve")
    assert throttle.retry_after_s("eve", 0.0) == 0.0


def test_who_stays_away_starts_afresh():
    throttle = failed_times(10)
    throttle.record_failure("eve", FORGET_AFTER_S)
    assert throttle.retry_after_s("eve", FORGET_AFTER_S) == 0.0


def test_an_army_of_addresses_costs_bounded_memory():
    throttle = LoginBackoff()
    for number in range(MAX_TRACKED_NETWORKS + 500):
        throttle.record_failure(f"bot {number}", number / 1000)
    assert len(throttle) == MAX_TRACKED_NETWORKS


@pytest.mark.parametrize(
    ("host", "visitor"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::99", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("lab-pc", "lab-pc"),
    ],
)
def test_an_ipv6_network_is_one_visitor(host, visitor):
    assert client_network(host) == visitor
