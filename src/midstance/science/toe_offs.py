"""When each foot leaves the ground: from the trunk's tops, by what foot and flight tell of the time between the two.

A foot leaves slowly: its velocity crosses any threshold 10 to 20 ms off, from runner to runner. The trunk's next top
follows toe-off to 2-3 ms from stride to stride (5 ms with noise), and by how much tells, leg by leg, a sum of

- *flight*: how long after the top the other foot lands, since a body in the air is as long on its way up as down;
- *foot*: how long before the top the foot slows down below `LEAVING_SPEED_SHARE` of the ground's speed. The heel rises
  there, some 45 ms before toe-off, and with it all runners were alike to 10 ms; at 0.55 of the speed, to 22.

The weights (`_toe_off_lag`) were learnt on rendered runners; from leg to leg toe-off is then 5 ms off, and on motion
capture, from which nothing was learnt, 1 to 3 (`benchmarks/ACCURACY.md`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from midstance.science._toe_off_lag import BY_FLIGHT, BY_FLIGHT_AND_FOOT
from midstance.science.landmarks import SIDES, Side
from midstance.science.signals import Array
from midstance.science.stances import Contact

LEAVING_SPEED_SHARE = 0.8
"""Of the running speed; see above."""
FEWEST_FOR_STEADYING = 5
WIDEST_LAG_SPREAD_S = 0.02
STRAY_TOE_OFF_S = 0.04
FEWEST_FOR_USUAL = 3
EARLIEST_TOP_S, LATEST_TOP_S = -0.06, 0.2
"""A top further than this from the toe-off that the foot shows belongs to another step."""
FURTHEST_MOVED_S = 0.12
"""Most that a toe-off is moved from where its foot shows it."""


@dataclass(frozen=True)
class LagSigns:
    """What tells how long after a leg's toe-offs the trunk's tops come; NaN where it tells nothing.

    Attributes
    ----------
    down_s : float
        From the tops to the other foot's contacts, by the median.
    leaving_s : float
        From where the foot slows down to the tops.
    """

    down_s: float
    leaving_s: float

    @property
    def lag_s(self) -> float:
        """From toe-off to the top; NaN without flight, as in walking, where the trunk is highest over one foot."""
        if np.isfinite(self.leaving_s):
            at_zero_s, of_flight, of_foot = BY_FLIGHT_AND_FOOT
            return at_zero_s + of_flight * self.down_s + of_foot * self.leaving_s
        at_zero_s, of_flight = BY_FLIGHT
        return at_zero_s + of_flight * self.down_s


def steady_toe_offs(
    contacts: tuple[Contact, ...], tops_s: Array, leavings_s: Mapping[Side, Array]
) -> tuple[Contact, ...]:
    """Time each toe-off from the trunk's next top, less the usual time between the two of that foot.

    Where there is no flight, the trunk keeps no step with it, or stances are few, toe-off stays as the foot shows it.

    Parameters
    ----------
    contacts : tuple of Contact
        As the feet show them.
    tops_s : array
        When the trunk is highest.
    leavings_s : mapping of Side to array
        When each foot slows down below `LEAVING_SPEED_SHARE` of the running speed.
    """
    out = list(contacts)
    for side in SIDES:
        own = [i for i, c in enumerate(contacts) if c.side == side]
        lag_s = (
            lag_signs(contacts, tops_s, leavings_s[side], side).lag_s if len(own) >= FEWEST_FOR_STEADYING else np.nan
        )
        for i in own:
            toe_off_s = next_top(tops_s, contacts[i]) - lag_s
            if abs(toe_off_s - contacts[i].toe_off_s) <= FURTHEST_MOVED_S:
                out[i] = replace(contacts[i], toe_off_s=float(toe_off_s))
    return tuple(out)


def lag_signs(contacts: tuple[Contact, ...], tops_s: Array, leavings_s: Array, side: Side) -> LagSigns:
    """Measure what tells how late a leg's tops come."""
    landings_s = np.array([c.initial_contact_s for c in contacts if c.side != side])
    own = [(c, next_top(tops_s, c)) for c in contacts if c.side == side]
    paired = [(c, top_s) for c, top_s in own if np.isfinite(top_s)]
    down = [_first_after(landings_s, top_s) - top_s for _, top_s in paired]
    leaving = [top_s - _last_between(leavings_s, c.at(0.5), top_s) for c, top_s in paired]
    return LagSigns(_usual(down), _usual(leaving))


def next_top(tops_s: Array, contact: Contact) -> float:
    """Return the first top after toe-off (or just before it, in running without flight); NaN without one."""
    after_s = tops_s - contact.toe_off_s
    later = tops_s[(after_s > EARLIEST_TOP_S) & (after_s < LATEST_TOP_S)]
    return float(later[0]) if len(later) else float("nan")


def _usual(lags_s: list[float]) -> float:
    """Return the median of what is known, NaN where it does not keep step."""
    known = np.array(lags_s)[np.isfinite(lags_s)]
    if len(known) < FEWEST_FOR_USUAL:
        return float("nan")
    median_s = float(np.median(known))
    return median_s if float(np.median(np.abs(known - median_s))) <= WIDEST_LAG_SPREAD_S else float("nan")


def _first_after(times_s: Array, start_s: float) -> float:
    """Return the first time after a start, within the longest way down; else NaN."""
    later = times_s[(times_s > start_s) & (times_s < start_s + LATEST_TOP_S)]
    return float(later[0]) if len(later) else float("nan")


def _last_between(times_s: Array, start_s: float, end_s: float) -> float:
    between = times_s[(times_s > start_s) & (times_s < end_s)]
    return float(between[-1]) if len(between) else float("nan")


def without_stray_toe_offs(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """Time a toe-off by the leg's median contact time where the foot shows it far from there.

    Contact times of a steady run differ by 5 to 10 ms (SD); one that alone differs by `STRAY_TOE_OFF_S` is a foot that
    was not seen to leave, as of a far leg behind the near one (109 ms in a rendered runner).
    """
    usual_s = {side: _usual_contact_time_s(contacts, side) for side in SIDES}
    return tuple(
        replace(c, toe_off_s=c.initial_contact_s + usual_s[c.side])
        if abs(c.toe_off_s - c.initial_contact_s - usual_s[c.side]) > STRAY_TOE_OFF_S
        else c
        for c in contacts
    )


def _usual_contact_time_s(contacts: tuple[Contact, ...], side: Side) -> float:
    """Return a leg's median contact time; NaN of too few stances to tell a stray one."""
    times_s = [c.toe_off_s - c.initial_contact_s for c in contacts if c.side == side]
    return float(np.median(times_s)) if len(times_s) >= FEWEST_FOR_USUAL else float("nan")
