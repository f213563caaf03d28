package dev.jebena.tracking;

import java.util.Map;

/// An experiment on its way from one store to another.
///
/// @param id in the store that it comes from
/// @param lifecycle `active` or `deleted`
record ExperimentCopy(
        String id,
        String name,
        String location,
        String lifecycle,
        long created,
        long updated,
        Map<String, String> tags) {}
