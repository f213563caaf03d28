package dev.jebena.governance;

import dev.jebena.base.Suggestions;
import java.util.List;
import java.util.Locale;

/// The fields of a card on its licence: `license`, `license_name`, `license_link`.
record LicenseFieldCheck(Card card, List<CardFinding> findings) {
    private static final String IDS = "https://huggingface.co/docs/hub/repositories-licenses";

    void run() {
        Object value = card.data().get("license");
        if (value == null) {
            add(
                    CardFinding.Level.WARNING,
                    "license",
                    "",
                    "\"license\" is missing: nobody knows whether they may use it",
                    "add license: with an id of " + IDS);
            return;
        }
        List<String> ids = card.texts("license");
        if (ids.isEmpty()) {
            error(
                    "license",
                    String.valueOf(value),
                    "\"license\" must be a string",
                    "write license: mit");
        }
        for (String id : ids) {
            if (!CardVocabulary.LICENSES.contains(id)) {
                error(
                        "license",
                        id,
                        "\"license\" must be one of [%s]"
                                .formatted(String.join(", ", CardVocabulary.LICENSES)),
                        licenseRemedy(id));
            }
        }
        other(ids);
    }

    private void other(List<String> ids) {
        boolean other = ids.contains("other");
        boolean named = card.data().containsKey("license_name");
        if (other && !named) {
            add(
                    CardFinding.Level.WARNING,
                    "license",
                    "other",
                    "\"license\" is other, and no \"license_name\" tells which",
                    "add license_name: and license_link: with a file of the repository or an address");
        } else if (other && !card.data().containsKey("license_link")) {
            add(
                    CardFinding.Level.WARNING,
                    "license_name",
                    String.join("", card.texts("license_name")),
                    "\"license_link\" is missing: the text of the licence cannot be read",
                    "add license_link: LICENSE, or its address");
        } else if (named && !other) {
            add(
                    CardFinding.Level.HINT,
                    "license_name",
                    String.join("", card.texts("license_name")),
                    "\"license_name\" counts only where \"license\" is other",
                    "remove it, or write license: other");
        }
    }

    private static String licenseRemedy(String id) {
        String lower = id.toLowerCase(Locale.ROOT);
        String known = lower.replaceFirst("-(only|or-later)$", "");
        if (CardVocabulary.LICENSES.contains(known)) {
            return "the hub writes it " + known;
        }
        SpdxLicense listed = SpdxLicenses.find(id).orElse(null);
        if (listed != null) {
            return "the hub does not know %s: write license: other, license_name: %s and license_link: https://spdx.org/licenses/%s.html"
                    .formatted(listed.id(), listed.id().toLowerCase(Locale.ROOT), listed.id());
        }
        String near = Suggestions.nearest(lower.replaceAll("[ _]+", "-"), CardVocabulary.LICENSES);
        if (near != null) {
            return "did you mean " + near + "?";
        }
        String spdx = SpdxLicenses.nearest(id);
        return spdx == null
                ? "write license: other, and license_name: and license_link:"
                : "did you mean %s of SPDX? The hub does not know it: write license: other and license_name:"
                        .formatted(spdx);
    }

    private void error(String field, String value, String message, String remedy) {
        add(CardFinding.Level.ERROR, field, value, message, remedy);
    }

    private void add(
            CardFinding.Level level, String field, String value, String message, String remedy) {
        findings.add(CardFinding.of(card, level, field, value, message, remedy));
    }
}
