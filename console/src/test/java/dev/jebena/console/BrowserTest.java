package dev.jebena.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// Pages in a real browser, one for each class. With `-Djebena.screenshots=FOLDER` it also takes
/// pictures.
@Tag("slow")
abstract class BrowserTest {
    private static @Nullable Chromium browser;

    @BeforeAll
    static void startBrowser() throws IOException, InterruptedException {
        Optional<Path> program = Chromium.installed();
        if (program.isEmpty()) {
            String reason = "no chromium on the PATH: the pages were not tested in a browser";
            System.out.println(reason);
            Assumptions.abort(reason);
        }
        // Not a temporary folder of JUnit: the browser's last processes may still write to it.
        Path target = Files.createDirectories(Path.of("target"));
        Path profile = Files.createTempDirectory(target, "chromium").toAbsolutePath();
        browser = Chromium.start(program.get(), profile);
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    /// A new tab.
    @SuppressWarnings("NullAway") // The class is skipped where there is no browser.
    static BrowserPage newPage() {
        return browser.newPage();
    }

    static void picture(BrowserPage page, String name) {
        String folder = System.getProperty("jebena.screenshots");
        if (folder != null) {
            page.screenshot(Path.of(folder, name + ".png"));
        }
    }
}
