package dev.jebena.governance;

import java.util.Optional;

/// Where licences of models and data sets that are elsewhere are known from.
@FunctionalInterface
public interface LicenseSource {
    /// What is known of a model or data set.
    ///
    /// @param license SPDX id or the hub's name
    /// @param proof what says so: a file, a name in the store, an option of the user's
    /// @param card its own card, which tells what it came from
    record Known(String license, String proof, Optional<Card> card) {}

    /// Empty where nothing is known.
    Optional<Known> find(String name, CardKind kind);

    /// Knows nothing.
    static LicenseSource none() {
        return (_, _) -> Optional.empty();
    }
}
