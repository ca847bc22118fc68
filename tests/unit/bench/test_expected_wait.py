"""Some days of the month that ``bench.expected_wait`` plays: announced waits are true and never just rise."""

from bench.expected_wait import LIMIT, Month


def test_announced_waits_are_twice_as_true_as_app_queues_and_rise_for_a_reason_only() -> None:
    result = Month(seed=5).run(days=4)
    assert result.served > 1_000
    assert result.ratio <= LIMIT
    assert result.rises > 0, "nothing that could have been wrong"
    assert result.rises_without_cause == 0
