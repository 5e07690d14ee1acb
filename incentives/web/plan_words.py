"""What the fields of a plan document are called in its form, and what their choices say."""

import re

from marshmallow import Schema

# Labels by name. A name that is not here is written as it is, with spaces.
LABELS = {
    "key": "Key",
    "name": "Name",
    "yields": "Gives",
    "measure": "Measure",
    "accumulates": "Adds up over",
    "credited": "Whose results",
    "credits": "Which credits",
    "conditions": "Only where",
    "window": "Window",
    "from": "From",
    "until": "Until, not included",
    "attainment": "Another basis of attainment",
    "to_date": "Paid to date",
    "quota_span": "Quota to date",
    "at_bound": "Exactly at a bound",
    "gate": "Gate",
    "judged": "Judged",
    "all": "All of these",
    "any": "At least one of these",
    "multiplier": "Multiplier",
    "cap": "Cap",
    "floor": "Floor",
    "pool": "Divided among the team",
    "kind": "Kind of rule",
    "rule": "Rule",
    "rate": "Rate",
    "amount": "Amount",
    "by": "By",
    "amounts": "Exceptions",
    "package": "Package of",
    "tiers_by": "Bounds are",
    "tiers": "Tiers",
    "up_to": "Up to",
    "only_if": "Only if",
    "reading": "Tiers pay",
    "flat": "Once, on entry",
    "marginal_from": "From this bound on, only inside each tier",
    "budget": "Budget",
    "budget_for": "Budget for",
    "milestones": "Milestones",
    "bonuses": "Bonuses",
    "points": "Points of the curve",
    "at_least": "At least",
    "pays": "Pays",
    "at": "At",
    "target": "Target",
    "slope_above": "Further pay for each 1 % above the last point",
    "most": "At most",
    "least": "Nothing below a score of",
    "items": "Items",
    "weight": "Weight",
    "rating": "Or a rating called",
    "rated_by": "Rated by",
    "minimum": "Nothing below",
    "maximum": "Counts at most",
    "length": "How many in a row",
    "every": "Each",
    "freezes": "May be missed",
    "award": "Won",
    "icon": "On its plate",
    "over": "In the",
    "read": "Read",
    "component": "Or what a component earned",
    "field": "Field",
    "comparison": "Comparison",
    "value": "Value",
    "factor": "Factor",
    "of_quota": "Or a share of quota",
    "of_target": "Or a share of the target incentive",
    "per": "In each",
    "currency": "Currency",
    "PlanSchema.pays": "Pays each",
    "DrawSchema.kind": "Kind",
    "DrawSchema.amount": "Amount each pay period",
    "ClawBackSchema.over": "Earned for good after months",
    "quotas": "How quotas are read",
    "seasonality": "Shares of the year by month",
    "prorate": "A part of a period counts by",
    "ramp": "Shares of quota in the first months",
    "leave": "Days of leave",
    "draw": "Draw",
    "guarantee": "Guarantee",
    "holdback": "Holdback",
    "claw_back": "Claw-back",
    "recover_after": "Recovered from, pay periods later",
    "recover_at_most": "Recovered, at most of the surplus",
    "periods": "First pay periods",
    "percent": "Held back",
    "released": "Released",
    "after": "Pay periods later",
    "with": "Or with",
    "policy": "After its period is locked",
    "within": "Only within months",
    "row": "Row",
}

# What a choice says, by field and choice; a choice that is not here is written as it is.
CHOICES = {
    ("yields", "money"): "pay",
    ("accumulates", "deal"): "nothing, each deal by itself",
    ("credited", "own"): "the payee's own",
    ("credited", "team"): "of the people the payee manages",
    ("credited", "pool"): "of the whole team, shared",
    ("credits", "all"): "shares and overlays",
    ("credits", "primary"): "shares only",
    ("credits", "overlay"): "overlays only",
    ("to_date", "due_less_paid"): "what is due less what was paid",
    ("to_date", "in_period"): "this period's results at the rate reached",
    ("quota_span", "begun"): "of the periods begun",
    ("quota_span", "whole"): "of the whole span",
    ("at_bound", "upper"): "counts as reached",
    ("at_bound", "lower"): "must be passed",
    ("judged", "whole"): "over the whole span",
    ("judged", "to_date"): "at the end of each pay period",
    ("tiers_by", "attainment"): "shares of quota",
    ("by", "attainment"): "shares of quota",
    ("tiers_by", "amount"): "amounts",
    ("by", "amount"): "amounts",
    ("by", "equal"): "equally",
    ("by", "credit"): "by what each one did",
    ("by", "days"): "by days in the team",
    ("reading", "marginal"): "each inside itself",
    ("reading", "retroactive"): "the one reached, for all",
    ("budget_for", "payee"): "each payee",
    ("budget_for", "everyone"): "everyone together",
    ("pays", "highest"): "the highest reached",
    ("pays", "each"): "each that is reached",
    ("award", "once_per_period"): "once in the span",
    ("award", "unlimited"): "again and again",
    ("read", "result"): "result",
    ("read", "attainment"): "share of quota",
    ("read", "earned"): "earned",
    ("prorate", "none"): "whole",
    ("prorate", "months"): "its months",
    ("prorate", "days"): "its days",
    ("leave", "counts"): "change nothing",
    ("leave", "lowers"): "lower the quota",
    ("kind", "recoverable"): "recoverable",
    ("kind", "non_recoverable"): "not recoverable",
    ("policy", "restate_origin"): "as if it was never made",
    ("policy", "at_rate_paid"): "taken back at the rate paid",
    ("policy", "at_current_tier"): "taken back at today's tier",
    ("policy", "time_left"): "taken back by the time left",
    ("with", "cash"): "the cash of each deal",
    ("comparison", "is"): "is",
    ("comparison", "is_not"): "is not",
    ("comparison", "is_one_of"): "is one of",
    ("comparison", "at_least"): "is at least",
    ("comparison", "below"): "is below",
}

HINTS = {
    "key": "Stays the same from version to version: its lines belong to it.",
    "by": "A field of the activity, such as product.",
    "amounts": "Whatever is not listed gives the amount above.",
    "icon": "A short text, such as 3x.",
    "package": "Counted in packages of so many, rounded up.",
    "within": "A deal that is cancelled later is not taken back.",
    "target": "Left empty, it is each payee's own target incentive.",
}

# Help for groups whose schema speaks of what is written in a document.
HELP = {
    "GateSchema": "Nothing is paid unless what is asked here holds: for a whole span as it is "
    "known now, or at the end of each pay period.",
    "QuotaTermsSchema": "How a quota is cut down to months, to part of a period and to leave.",
    "ClawBackSchema": "What happens when a deal is cancelled after its pay period was locked.",
    "ConditionsSchema": "Only activities for which this holds are counted.",
    "MultiplierSchema": "A factor on all amounts of a pay period: one number, or by tiers of what "
    "was reached.",
    "AttainmentSchema": "What moves the place in the table, if it is not the measure itself.",
}

# What one row of a list is called on the button that adds one.
ROWS = {
    "tiers": "a tier",
    "milestones": "a milestone",
    "bonuses": "a bonus",
    "points": "a point",
    "items": "an item",
    "amounts": "an exception",
    "all": "a row",
    "any": "an alternative",
    "ramp": "a month",
    "seasonality": "the months",
}

# What is said in ratios, where a form has per cent, and names as they stand in a document.
_RATIOS = re.compile(r" \([^)]*[0-9][^)]*\)")
_NAMES = re.compile(r"`([a-z_]+)`")


def label(name: str, schema: str = "") -> str:
    said = LABELS.get(f"{schema}.{name}") or LABELS.get(name)
    return said or name.replace("_", " ").capitalize()


def choice(name: str, value: str) -> str:
    return CHOICES.get((name, value), value.replace("_", " "))


def help_of(schema: Schema) -> str:
    """Help beside a group: its schema's docstring with fields by their labels, without ratios."""
    name = type(schema).__name__
    if name in HELP:
        return HELP[name]
    told = _RATIOS.sub("", " ".join((schema.__doc__ or "").split()))
    return _NAMES.sub(lambda found: f"“{label(found[1])}”", told).replace("`", "")
