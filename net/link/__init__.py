"""A link that delays, loses and limits, in userspace and without root."""
