/// What is known and allowed of models and data sets: cards, licences, openness, and whether files
/// are safe.
///
/// Begin with [dev.jebena.governance.Scan] (is a file dangerous?), [dev.jebena.governance.Card] and
/// [dev.jebena.governance.CardCheck] (what does a card say, and is it right?),
/// [dev.jebena.governance.LicenseSearch] (under what does it come?) and
/// [dev.jebena.governance.OpennessReport] (which parts of it are open?).
///
/// ```java
/// ScanReport report = Scan.of(Path.of("model.pt"), ScanOptions.defaults());
/// report.findings().forEach(IO::println);
/// ```
@NullMarked
package dev.jebena.governance;

import org.jspecify.annotations.NullMarked;
