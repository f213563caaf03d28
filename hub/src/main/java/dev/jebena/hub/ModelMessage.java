package dev.jebena.hub;

/// A message that every conversation with a model begins with.
///
/// @param role `system`, `user` or `assistant`
public record ModelMessage(String role, String content) {}
