package dev.jebena.hub;

import java.util.List;
import java.util.Locale;

/// Which of the ways to store weights is wanted, and which a file's name tells.
final class Quantizations {
    /// What is taken from a repository that offers several, the first that is there: good answers
    /// at about half a byte a weight come first.
    private static final List<String> PREFERRED =
            List.of(
                    "Q4_K_M", "Q4_K_S", "Q4_0", "Q4_1", "IQ4_NL", "IQ4_XS", "MXFP4", "Q5_K_M",
                    "Q5_K_S", "Q5_0", "Q5_1", "Q6_K", "Q8_0", "BF16", "F16", "F32");

    private Quantizations() {}

    static List<String> preferred() {
        return PREFERRED;
    }

    /// True when a file's name says that it is of this quantization: `model-q4_k_m.gguf`.
    static boolean isNamed(String file, String quantization) {
        String name = file.toUpperCase(Locale.ROOT);
        String wanted = quantization.toUpperCase(Locale.ROOT);
        for (int at = name.indexOf(wanted); at >= 0; at = name.indexOf(wanted, at + 1)) {
            int end = at + wanted.length();
            boolean begins = at == 0 || !isWord(name.charAt(at - 1));
            boolean ends = end == name.length() || !isWord(name.charAt(end));
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
