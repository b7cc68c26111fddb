"""Delays after wrong passwords, in virtual time."""

from net.security.login_backoff import (
    DELAY_MAX_S,
    FIRST_DELAY_S,
    FORGET_AFTER_S,
    FREE_ATTEMPTS,
    MAX_TRACKED_NETWORKS,
    LoginBackoff,
)


def backoff_after(count, now=0.0):
    backoff = LoginBackoff()
    for _ in range(count):
        backoff.record_failure("eve", now)
    return backoff


def test_the_first_failures_cost_no_delay_and_the_third_does():
    assert backoff_after(FREE_ATTEMPTS - 1).retry_after_s("eve", 0.0) == 0.0
    backoff = backoff_after(FREE_ATTEMPTS)
    assert backoff.retry_after_s("eve", 0.0) == FIRST_DELAY_S
    assert backoff.retry_after_s("eve", FIRST_DELAY_S) == 0.0


def test_each_failure_doubles_the_delay_up_to_a_maximum():
    waits = [backoff_after(FREE_ATTEMPTS + n).retry_after_s("eve", 0.0) for n in range(10)]
    assert waits[:4] == [FIRST_DELAY_S * 2**n for n in range(4)]
    assert waits[-1] == DELAY_MAX_S
    assert backoff_after(5000).retry_after_s("eve", 0.0) == DELAY_MAX_S


def test_a_day_of_guessing_tries_fewer_than_1500_passwords():
    backoff, now, guesses = LoginBackoff(), 0.0, 0
    while now < 86_400:
        backoff.record_failure("eve", now)
        guesses += 1
        now += backoff.retry_after_s("eve", now)
    assert guesses < 1_500


def test_other_networks_are_not_delayed_and_success_resets():
    backoff = backoff_after(10)
    assert backoff.retry_after_s("ana", 0.0) == 0.0
    backoff.reset("eve")
    assert backoff.retry_after_s("eve", 0.0) == 0.0


def test_failures_are_forgotten_after_a_while():
    backoff = backoff_after(10)
    backoff.record_failure("eve", FORGET_AFTER_S)
    assert backoff.retry_after_s("eve", FORGET_AFTER_S) == 0.0


def test_any_number_of_networks_costs_bounded_memory():
    backoff = LoginBackoff()
    for number in range(MAX_TRACKED_NETWORKS + 500):
        backoff.record_failure(f"bot {number}", number / 1000)
    assert len(backoff) == MAX_TRACKED_NETWORKS
