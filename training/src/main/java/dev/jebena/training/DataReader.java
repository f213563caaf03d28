package dev.jebena.training;

/// Reads the data that the table `data` of a recipe describes.
interface DataReader {
    /// @param seed of what is held out
    Examples load(long seed, Course course);

    /// The kind of network that one would take for it.
    String usual();
}
