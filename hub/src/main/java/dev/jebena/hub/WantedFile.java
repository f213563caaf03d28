package dev.jebena.hub;

import dev.jebena.base.ContentId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file that a pull needs.
///
/// @param title its name in the model
/// @param paths where it is inside the source; several are joined in order
/// @param size -1 when it is not known
/// @param sha256 null when it is not known
/// @param gitId the SHA-1 that git names the file by, when a hub tells only that; else null
record WantedFile(
        String title,
        List<String> paths,
        long size,
        @Nullable ContentId sha256,
        @Nullable String gitId) {}
