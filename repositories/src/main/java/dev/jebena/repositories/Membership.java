package dev.jebena.repositories;

/// An organisation that an account belongs to.
///
/// @param role `read`, `write` or `admin`, as for tokens
record Membership(Account organization, TokenRole role) {}
