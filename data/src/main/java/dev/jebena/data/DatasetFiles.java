package dev.jebena.data;

import java.util.List;
import java.util.Map;

/// What a data set consists of.
///
/// @param splits the files of each split
/// @param metadata tables that belong to pictures or sounds
/// @param configs the names of the card's configurations
public record DatasetFiles(
        Format format,
        Map<String, List<DataFile>> splits,
        List<DataFile> metadata,
        List<String> configs) {}
