package dev.jebena.governance;

import java.util.List;

/// A licence whose text stands in a text.
///
/// @param id SPDX id, or the hub's name for licences that SPDX does not list (`llama3.1`)
/// @param score how like the texts are, 0 to 1; where the licence is a part of a longer text, the
///   share of it that is there
/// @param whole whether the text is the licence and nothing else
/// @param alternatives licences with the same text: only a notice beside it tells which
public record LicenseMatch(
        String id, String name, double score, boolean whole, List<String> alternatives) {
    public LicenseMatch {
        alternatives = List.copyOf(alternatives);
    }
}
