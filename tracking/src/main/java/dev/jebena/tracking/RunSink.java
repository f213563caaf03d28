package dev.jebena.tracking;

import java.io.IOException;
import java.io.InputStream;

/// Where runs are copied to.
interface RunSink extends AutoCloseable {
    /// The experiment's id here: of the one with the same name, which is made when it is missing.
    String experiment(ExperimentCopy experiment);

    boolean contains(String run);

    /// Stores a file of a run that is not there yet.
    ///
    /// @param experiment its id here
    void artifact(String experiment, String run, String path, InputStream in) throws IOException;

    /// Stores the run, all or nothing.
    ///
    /// @param experiment its id here
    /// @param filesCopied whether its files lie here; otherwise they stay where they are
    void run(String experiment, RunCopy run, boolean filesCopied);

    @Override
    void close();
}
