package dev.jebena.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Where runs are copied from.
interface RunSource extends AutoCloseable {
    List<ExperimentCopy> experiments();

    /// Ids of all runs, deleted ones too.
    List<String> runs();

    RunCopy run(String id);

    /// Hands the run's files to `each`; those that lie where this machine cannot read are left out.
    ///
    /// @return false when some could not be read
    boolean artifacts(RunCopy run, EachFile each) throws IOException;

    /// Is given one file after the other.
    @FunctionalInterface
    interface EachFile {
        void take(String path, InputStream in) throws IOException;
    }

    @Override
    void close();
}
