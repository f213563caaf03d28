package dev.jebena.governance;

import java.util.List;

/// A licence of the SPDX list.
///
/// @param id `Apache-2.0`
/// @param osiApproved whether the Open Source Initiative approved it
/// @param fsfLibre whether the Free Software Foundation calls it free
/// @param deprecated whether another id should be used: `GPL-3.0` is now `GPL-3.0-only`
/// @param urls where to read it
public record SpdxLicense(
        String id,
        String name,
        boolean osiApproved,
        boolean fsfLibre,
        boolean deprecated,
        List<String> urls) {
    public SpdxLicense {
        urls = List.copyOf(urls);
    }
}
