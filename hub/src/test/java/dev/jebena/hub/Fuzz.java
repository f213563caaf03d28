package dev.jebena.hub;

import java.util.Random;

/// Random damage to texts.
final class Fuzz {
    private static final String ODD =
            "\"\\{}[]:,#\n\r\t \u0000\uFEFF\uD83D0123456789-.eE/~nulltrue";

    private Fuzz() {}

    static int cases() {
        return Integer.getInteger("jebena.fuzz.cases", 2000);
    }

    static String mutate(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        for (int n = 1 + random.nextInt(4); n > 0 && !changed.isEmpty(); n--) {
            int at = random.nextInt(changed.length());
            int end = Math.min(changed.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(6)) {
                case 0 -> changed.setLength(at);
                case 1 -> changed.delete(at, end);
                case 2 ->
                        changed.insert(
                                random.nextInt(changed.length()), changed.substring(at, end));
                case 3 -> changed.setCharAt(at, (char) random.nextInt(256));
                case 4 -> changed.insert(at, "9".repeat(1 + random.nextInt(30)));
                default -> changed.insert(at, ODD.charAt(random.nextInt(ODD.length())));
            }
        }
        return changed.toString();
    }
}
