package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which licences the user has accepted: one small file for each model and licence.
final class Licenses {
    private final Path folder;

    Licenses(Path folder) {
        this.folder = folder;
    }

    /// Shows the licence, and refuses one that is not open and has not been accepted.
    void check(ModelName name, ModelLicense license, boolean accept, ProgressListener listener) {
        listener.on(Progress.status("license", "license: " + license.line()));
        if (license.isOpen() || isAccepted(name, license)) {
            return;
        }
        if (!accept) {
            throw new Problem(
                    Problem.Code.LICENSE_NOT_ACCEPTED,
                    "%s comes under terms that are not an open licence: %s"
                            .formatted(name, license.line()),
                    "read them; if you accept: jebena pull " + name + " --accept-license");
        }
        try {
            DurableFiles.write(file(name, license), name.full() + "\n" + license.line() + "\n");
        } catch (IOException e) {
            throw Problem.storage("cannot note the accepted licence", e);
        }
    }

    private boolean isAccepted(ModelName name, ModelLicense license) {
        return Files.isRegularFile(file(name, license));
    }

    private Path file(ModelName name, ModelLicense license) {
        String model = name.host() + "/" + name.namespace() + "/" + name.model();
        return folder.resolve(ContentId.of(model + "\n" + license.id()).hex().substring(0, 32));
    }
}
