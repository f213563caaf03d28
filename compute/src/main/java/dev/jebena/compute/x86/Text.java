package dev.jebena.compute.x86;

/// The listing's text, in the syntax of Intel's manuals and of GNU as with `.intel_syntax
/// noprefix`.
final class Text {
    private Text() {}

    /// The operand that may be memory, with what its text depends on.
    record Source(int spec, int bits, Operand operand) {
        @Override
        public String toString() {
            return switch (operand) {
                case Memory memory -> memory(memory);
                case Gpr gpr -> (spec & Spec.W1) != 0 ? gpr.toString() : gpr.dword().toString();
                default -> operand.toString();
            };
        }

        private String memory(Memory memory) {
            if (!memory.isBroadcast()) {
                return memory.toString();
            }
            int element = Spec.memoryBytes(spec, bits, true);
            return memory + "{1to" + bits / 8 / element + "}";
        }
    }

    static String line(String mnemonic, Object... operands) {
        var text = new StringBuilder(mnemonic);
        String separator = " ";
        for (Object operand : operands) {
            if (operand instanceof Integer number && number == Encoder.NONE) {
                continue;
            }
            text.append(separator).append(operand);
            // "DWORD PTR" belongs to the memory after it.
            separator = operand instanceof String ? " " : ", ";
        }
        return text.toString();
    }
}
