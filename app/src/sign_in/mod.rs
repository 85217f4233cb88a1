//! Before signing in: plain pages without code.
