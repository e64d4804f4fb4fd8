"""How many requests may come: sliding windows in Redis, counted exactly over every API process."""

from kit.limits.limiter import Limiter, Subject, Verdict
from kit.limits.policy import Policy, Standing

__all__ = ["Limiter", "Policy", "Standing", "Subject", "Verdict"]
