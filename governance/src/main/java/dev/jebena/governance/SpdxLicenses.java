package dev.jebena.governance;

import dev.jebena.base.Suggestions;
import dev.jebena.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The SPDX licence list with the texts of all licences, as the package
/// `org.spdx:java-spdx-library` carries it.
public final class SpdxLicenses {
    private static final String FOLDER = "/resources/stdlicenses/";

    /// The innermost optional part.
    private static final Pattern OPTIONAL =
            Pattern.compile(
                    "<<beginOptional[^>]{0,200}>>(?:(?!<<beginOptional).)*?<<endOptional>>",
                    Pattern.DOTALL);

    private static final Pattern MARK = Pattern.compile("<<(?:begin|end)Optional[^>]{0,200}>>");

    private static final Pattern VARIABLE =
            Pattern.compile(
                    "<<var;name=\"([^\"]*)\";original=\"([^\"]*)\";match=\".*?\">>",
                    Pattern.DOTALL);

    /// Read when first asked for.
    private static final class Listed {
        static final Map<?, ?> JSON = (Map<?, ?>) json("licenses.json");
        static final Map<String, SpdxLicense> BY_ID = read();

        private static Map<String, SpdxLicense> read() {
            Map<String, SpdxLicense> licenses = new LinkedHashMap<>();
            for (Object entry : Json.array(JSON.get("licenses"))) {
                Map<String, @Nullable Object> fields = Json.object(entry);
                SpdxLicense license =
                        new SpdxLicense(
                                String.valueOf(fields.get("licenseId")),
                                String.valueOf(fields.get("name")),
                                Boolean.TRUE.equals(fields.get("isOsiApproved")),
                                Boolean.TRUE.equals(fields.get("isFsfLibre")),
                                Boolean.TRUE.equals(fields.get("isDeprecatedLicenseId")),
                                Json.array(fields.get("seeAlso")).stream()
                                        .map(String::valueOf)
                                        .toList());
                licenses.put(license.id().toLowerCase(Locale.ROOT), license);
            }
            return licenses;
        }
    }

    private SpdxLicenses() {}

    /// The version of the list: `3.28.0`.
    public static String version() {
        return String.valueOf(Listed.JSON.get("licenseListVersion"));
    }

    public static Collection<SpdxLicense> all() {
        return Listed.BY_ID.values();
    }

    /// The licence with this id, in either case.
    public static Optional<SpdxLicense> find(String id) {
        return Optional.ofNullable(Listed.BY_ID.get(id.toLowerCase(Locale.ROOT)));
    }

    /// The id that is nearest to what was written; null when none is near.
    public static @Nullable String nearest(String id) {
        List<String> ids =
                all().stream().filter(l -> !l.deprecated()).map(SpdxLicense::id).toList();
        return Suggestions.nearest(id, ids);
    }

    /// The text of a licence.
    public static String text(SpdxLicense license) {
        return String.valueOf(((Map<?, ?>) json(license.id() + ".json")).get("licenseText"));
    }

    /// The text without what its template calls optional: titles, notices and appendices.
    ///
    /// @param all false to leave out only those of the second half, which are appendices
    static String core(SpdxLicense license, boolean all) {
        Object template = ((Map<?, ?>) json(license.id() + ".json")).get("standardLicenseTemplate");
        String text = String.valueOf(template);
        int kept = all ? 0 : text.length() / 2;
        String head = text.substring(0, kept);
        text = text.substring(kept);
        for (String outer = ""; !outer.equals(text); ) {
            outer = text;
            text = OPTIONAL.matcher(text).replaceAll(" ");
        }
        text = MARK.matcher(head + text).replaceAll(" ");
        return VARIABLE.matcher(text)
                .replaceAll(found ->
                        found.group(1).contains("copyright")
                                ? " "
                                : Matcher.quoteReplacement(found.group(2)));
    }

    private static Object json(String name) {
        try (InputStream in = SpdxLicenses.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("the SPDX licence list has no " + name);
            }
            Object json = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return json == null ? Map.of() : json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
