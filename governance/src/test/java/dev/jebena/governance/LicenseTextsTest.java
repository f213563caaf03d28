package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LicenseTextsTest {
    private static String text(String id) {
        return SpdxLicenses.text(SpdxLicenses.find(id).orElseThrow());
    }

    private static List<String> ids(String text) {
        return LicenseTexts.in(text).stream().map(LicenseMatch::id).toList();
    }

    @Test
    void theListIsWhole() {
        assertThat(SpdxLicenses.version()).isEqualTo("3.28.0");
        assertThat(SpdxLicenses.all()).hasSize(727);
        assertThat(SpdxLicenses.find("apache-2.0").orElseThrow().id()).isEqualTo("Apache-2.0");
        assertThat(SpdxLicenses.nearest("Apache2.0")).isEqualTo("Apache-2.0");
    }

    @Test
    void textsOfTheListAreRecognisedAsThemselves() {
        Set<String> wrong = new TreeSet<>();
        int count = 0;
        for (SpdxLicense license : SpdxLicenses.all()) {
            if (license.osiApproved() && !license.deprecated()) {
                count++;
                List<LicenseMatch> found = LicenseTexts.in(SpdxLicenses.text(license));
                boolean right =
                        !found.isEmpty()
                                && (found.getFirst().id().equals(license.id())
                                        || found.getFirst().alternatives().contains(license.id()));
                if (!right) {
                    wrong.add(license.id() + " as " + ids(SpdxLicenses.text(license)));
                }
            }
        }
        assertThat(count).isGreaterThan(120);
        assertThat(wrong).isEmpty();
    }

    @Test
    void theLicenceOfThisProjectIsFound() throws Exception {
        Path file = Path.of(System.getProperty("jebena.root", ".."), "LICENSE");
        assertThat(ids(Files.readString(file))).containsExactly("Apache-2.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MIT",
                "BSD-3-Clause",
                "ISC",
                "Apache-2.0",
                "MPL-2.0",
                "CC-BY-SA-4.0",
                "GPL-3.0-only"
            })
    void layoutNoticesAndCommentsDoNotMatter(String id) {
        String changed =
                "/*\n * Copyright (c) 2026 Somebody Else, Inc.\n * All rights reserved.\n *\n"
                        + text(id).lines()
                                .map(line ->
                                        " *   " + line.toUpperCase(java.util.Locale.ROOT) + "\n")
                                .reduce("", String::concat)
                        + " */\n";
        List<LicenseMatch> found = LicenseTexts.in(changed.replace('"', '\u201d'));
        assertThat(found.getFirst().id()).isEqualTo(id);
        assertThat(found.getFirst().whole()).isTrue();
    }

    @Test
    void severalLicencesInOneFileAreFound() {
        String both =
                "This product is under two licences.\n\n"
                        + text("Apache-2.0")
                        + "\n\nThe vocabulary comes from others:\n\n"
                        + text("BSD-2-Clause")
                        + "\nAnd thanks to all who helped, in every year since this began.\n";
        assertThat(ids(both)).containsExactly("Apache-2.0", "BSD-2-Clause");
        assertThat(LicenseTexts.in(both)).noneMatch(LicenseMatch::whole);
    }

    @Test
    void theSameTextUnderTwoIdsIsTold() {
        LicenseMatch match = LicenseTexts.in(text("GPL-3.0-or-later")).getFirst();
        assertThat(match.id()).isEqualTo("GPL-3.0-only");
        assertThat(match.alternatives()).containsExactly("GPL-3.0-or-later");
    }

    @Test
    void otherTextsAreNoLicence() {
        assertThat(LicenseTexts.in("")).isEmpty();
        assertThat(LicenseTexts.in("All rights reserved.")).isEmpty();
        assertThat(LicenseTexts.in("word ".repeat(5_000))).isEmpty();
        assertThat(LicenseTexts.in("Our model is better than Llama 2. See the Gemma Terms of Use."))
                .isEmpty();
        assertThat(LicenseTexts.in(" \t\n".repeat(200_000))).isEmpty();
    }

    @Test
    void licencesOfModelsAreKnownByTheirTitles() {
        String terms = "You may use it. Licensor grants rights. ".repeat(60);
        assertThat(ids("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\n" + terms))
                .containsExactly("llama3.1");
        assertThat(ids("META LLAMA 3 COMMUNITY LICENSE AGREEMENT\n" + terms))
                .containsExactly("llama3");
        assertThat(ids("# Gemma Terms of Use\n" + terms)).containsExactly("gemma");
        assertThat(ids("CreativeML Open RAIL-M\n" + terms))
                .containsExactly("creativeml-openrail-m");
        assertThat(ids("CreativeML Open RAIL++-M License\n" + terms)).containsExactly("openrail++");
        assertThat(ids("Mistral AI Research License\n" + terms)).containsExactly("mrl");
    }

    @Test
    void wordsAreComparedAsBags() {
        LicenseWords a = LicenseWords.of("one two three four");
        LicenseWords b = LicenseWords.of("one two three five");
        assertThat(a.common(b)).isEqualTo(2);
        assertThat(a.likeness(b)).isEqualTo(2.0 * 2 / 6);
        assertThat(a.without(b).pairs()).hasSize(1);
        assertThat(a.likeness(a)).isEqualTo(1);
        assertThat(
                        LicenseWords.of("Licence, HTTP://x")
                                .likeness(LicenseWords.of("license https x")))
                .isEqualTo(1);
    }
}
