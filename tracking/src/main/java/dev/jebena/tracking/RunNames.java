package dev.jebena.tracking;

import java.util.List;
import java.util.random.RandomGenerator;

/// Names for runs that got none: an adjective, a drink or a vessel, a number.
final class RunNames {
    private static final List<String> FIRST =
            List.of(
                    "amber", "bold", "brisk", "calm", "clear", "crisp", "dark", "deep", "eager",
                    "early", "fair", "fine", "fresh", "gentle", "golden", "grand", "honest", "keen",
                    "kind", "late", "light", "lively", "lucky", "mellow", "mild", "nimble", "noble",
                    "polite", "proud", "quick", "quiet", "rare", "rich", "round", "sharp", "silent",
                    "silver", "smooth", "steady", "strong", "subtle", "sunny", "sweet", "swift",
                    "vivid", "warm", "wise", "witty");
    private static final List<String> SECOND =
            List.of(
                    "arabica",
                    "barista",
                    "basin",
                    "bean",
                    "bowl",
                    "brew",
                    "carafe",
                    "cardamom",
                    "chicory",
                    "cinnamon",
                    "crema",
                    "cup",
                    "filter",
                    "flask",
                    "ginger",
                    "grinder",
                    "harrar",
                    "hearth",
                    "honey",
                    "jar",
                    "jebena",
                    "jug",
                    "kettle",
                    "ladle",
                    "limu",
                    "mill",
                    "mocha",
                    "mug",
                    "pitcher",
                    "pot",
                    "roast",
                    "saucer",
                    "sidamo",
                    "sieve",
                    "spoon",
                    "steam",
                    "tray",
                    "urn",
                    "yirga");

    private RunNames() {}

    static String next(RandomGenerator random) {
        return FIRST.get(random.nextInt(FIRST.size()))
                + "-"
                + SECOND.get(random.nextInt(SECOND.size()))
                + "-"
                + random.nextInt(1000);
    }
}
