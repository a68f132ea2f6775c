"""How high the ankle is lifted in swing: an example of a measure and a rule of one's own."""

from midstance.own import Case, OwnMeasure, Reading, Rule, Stride, Topic, ViewAnalysis


def heel_lift(view: ViewAnalysis, stride: Stride) -> float:
    """Return how far the ankle rises above its place at midstance, in percent of the leg length."""
    time_s = view.landmarks.time_s
    height_px = -view.landmarks.point(f"{stride.side}_ankle")[:, 1]  # pixels count downwards
    inside = (time_s >= stride.midstance_s) & (time_s <= stride.next_contact_s)
    rise_px = height_px[inside].max() - height_px[inside][0]
    return 100 * float(rise_px) / view.scene.leg_length_px


HEEL_LIFT = OwnMeasure("heel_lift", unit="%", value=heel_lift, views=("side",))


class LowHeelLift(Rule):
    """X1: the heel is lifted little."""

    id = "X1"
    title = "The ankle rises by less than 30 % of the leg length"
    advice = "Film from the side of this leg."
    source = "an example; no study stands behind the threshold"
    threshold = 30.0
    beyond = "below"

    def reading(self, case: Case) -> Reading:
        """The lift of the leg that is near the camera."""
        return case.sagittal("heel_lift", "stride")


LOW_HEEL_LIFT = Topic(
    id="low_heel_lift",
    title="Low heel lift",
    rules=(LowHeelLift(),),
    of="side",
    most="possible",
    alternatives=("running speed", "habit"),
    confirm=("a second clip at the usual speed",),
)
