package dev.jebena.governance;

import java.util.Locale;

/// What a licence allows, asks or forbids.
public enum LicenseTrait {
    /// Nothing is asked.
    PUBLIC_DOMAIN,
    /// Notices must be kept.
    ATTRIBUTION,
    /// Changed files stay under it; what is built around them does not have to.
    WEAK_COPYLEFT,
    /// What is derived comes under it as a whole.
    COPYLEFT,
    /// As copyleft, and use over a network counts as giving a copy.
    NETWORK_COPYLEFT,
    /// Adapted content or data comes under the same or a compatible licence.
    SHARE_ALIKE,
    /// Not for commercial use.
    NON_COMMERCIAL,
    /// For research only.
    RESEARCH_ONLY,
    /// No changed copies may be given away.
    NO_DERIVATIVES,
    /// Some uses are forbidden, and who passes it on must forbid them too.
    USE_RESTRICTED,
    /// Derived models must bear a name.
    NAMED,
    /// Nothing is known of it.
    UNKNOWN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
