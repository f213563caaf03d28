package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicenseSearchTest {
    @TempDir Path folder;

    @Test
    void everyPlaceThatSaysSoIsNamed() throws IOException {
        Files.writeString(
                folder.resolve("README.md"), "---\ntags: [a]\nlicense: apache-2.0\n---\n");
        Files.writeString(
                folder.resolve("LICENSE"),
                SpdxLicenses.text(SpdxLicenses.find("MIT").orElseThrow()));
        Files.writeString(
                folder.resolve("train.py"),
                "#!/usr/bin/env python\n# SPDX-License-Identifier: GPL-2.0-only OR MIT\n");
        LicenseSearch search = LicenseSearch.of(folder);
        assertThat(search.evidence())
                .extracting(e -> e.license() + " " + e.how() + " " + e.path() + ":" + e.line())
                .containsExactly(
                        "Apache-2.0 card README.md:3",
                        "MIT text LICENSE:0",
                        "GPL-2.0-only OR MIT identifier train.py:2");
        assertThat(search.license()).isEqualTo("Apache-2.0");
        assertThat(search.disagreements())
                .containsExactly("the card says apache-2.0, LICENSE is MIT");
    }

    @Test
    void manifestsSayItInTexts() {
        LicenseSearch search =
                LicenseSearch.ofTexts(
                        "manifest",
                        List.of(
                                SpdxLicenses.text(SpdxLicenses.find("Apache-2.0").orElseThrow()),
                                "mit"));
        assertThat(search.license()).isEqualTo("Apache-2.0 AND MIT");
        assertThat(LicenseSearch.ofTexts("manifest", List.of("hello")).license()).isEmpty();
    }

    @Test
    void anotherLicenceOfTheCardIsItsName() throws IOException {
        Files.writeString(
                folder.resolve("README.md"),
                "---\nlicense: other\nlicense_name: qwen-research\nlicense_link: LICENSE\n---\n");
        assertThat(LicenseSearch.of(folder).license()).isEqualTo("qwen-research");
        assertThat(LicenseTerms.of("qwen-research").open()).isFalse();
    }
}
