//! The oracle's own tests: small worlds written by hand, with what must be said of them.
