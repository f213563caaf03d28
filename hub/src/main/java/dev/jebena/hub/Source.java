package dev.jebena.hub;

import dev.jebena.base.ProgressListener;
import java.util.List;

/// A place that model files come from.
interface Source {
    /// For people: `hub https://huggingface.co, user/repo`.
    String name();

    /// Stores all these files as blobs and returns their layers in the same order, each with the
    /// file's title. What is in the store already is not fetched. Throws a Problem whose first line
    /// tells why this source cannot deliver.
    List<Layer> fetch(List<WantedFile> files, ProgressListener listener);
}
