package dev.jebena.hub;

import java.util.Locale;
import java.util.Set;

/// The terms a model comes under.
///
/// @param id SPDX identifier where there is one (`Apache-2.0`), else a short name (`gemma`); empty
///   when the source states none
/// @param name for people
/// @param url where to read it; may be empty
public record ModelLicense(String id, String name, String url) {
    /// Licences that let anyone use, study, change and share the model for any purpose: approved by
    /// the Open Source Initiative, or open for content. Lower case.
    private static final Set<String> OPEN =
            Set.of(
                    "apache-2.0",
                    "mit",
                    "mit-0",
                    "bsd",
                    "bsd-2-clause",
                    "bsd-3-clause",
                    "isc",
                    "0bsd",
                    "unlicense",
                    "zlib",
                    "cc0-1.0",
                    "cc-by-4.0",
                    "cc-by-3.0",
                    "cc-by-sa-4.0",
                    "cc-by-sa-3.0",
                    "mpl-2.0",
                    "epl-2.0",
                    "eupl-1.2",
                    "gpl-2.0",
                    "gpl-3.0",
                    "lgpl-2.1",
                    "lgpl-3.0",
                    "agpl-3.0",
                    "artistic-2.0",
                    "postgresql",
                    "ncsa",
                    "bsl-1.0",
                    "ecl-2.0",
                    "osl-3.0",
                    "afl-3.0",
                    "ms-pl",
                    "cdla-permissive-1.0",
                    "cdla-permissive-2.0",
                    "odc-by",
                    "pddl",
                    "odbl",
                    "wtfpl");

    /// Known to be open: nothing needs to be accepted.
    public boolean isOpen() {
        return OPEN.contains(id.toLowerCase(Locale.ROOT));
    }

    /// One line for people.
    public String line() {
        String title = id.isEmpty() ? "no licence stated" : name.isEmpty() ? id : name;
        return url.isEmpty() ? title : title + " (" + url + ")";
    }
}
