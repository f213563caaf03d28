package dev.jebena.compute.x86;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of assembler text, read back and assembled: the reverse of the listing.
record Line(String mnemonic, List<Object> operands) {
    private static final List<Method> METHODS = Arrays.asList(Assembler.class.getMethods());
    private static final String NUMBERED = "ax cx dx bx sp bp si di";
    private static final Pattern VECTOR =
            Pattern.compile("([xyz])mm(\\d+)(?:\\{k(\\d)\\})?(\\{z\\})?");
    private static final Pattern MASK = Pattern.compile("k(\\d)(?:\\{k(\\d)\\})?");
    private static final Pattern MEMORY =
            Pattern.compile(
                    "\\[(r\\w+)(?:\\+([a-z]\\w+)(?:\\*(\\d))?)?(?:([+-])0x([0-9a-f]+))?\\]"
                            + "(\\{1to\\d+\\})?(?:\\{k(\\d)\\})?");

    static Line of(String text) {
        String[] parts = text.split(" ", 2);
        List<Object> operands = new ArrayList<>();
        String mnemonic = parts[0];
        if (parts.length > 1) {
            for (String operand : parts[1].split(", ")) {
                operands.add(operand(operand.replaceFirst("^\\w+ PTR ", "")));
            }
        }
        if (mnemonic.equals("movzx")) {
            mnemonic = text.contains("BYTE") ? "movzxByte" : "movzxWord";
        } else if (mnemonic.equals("movabs")) {
            mnemonic = "mov";
        } else if (mnemonic.startsWith("cmov")) {
            operands.addFirst(
                    Condition.valueOf(mnemonic.substring(4).toUpperCase(java.util.Locale.ROOT)));
            mnemonic = "cmov";
        }
        return new Line(mnemonic, operands);
    }

    void assemble(Assembler a) throws ReflectiveOperationException {
        for (Method method : METHODS) {
            if (method.getName().equals(mnemonic) && fits(method.getParameterTypes())) {
                Object[] arguments = operands.toArray();
                for (int i = 0; i < arguments.length; i++) {
                    if (method.getParameterTypes()[i] == int.class) {
                        arguments[i] = ((Long) arguments[i]).intValue();
                    }
                }
                method.invoke(a, arguments);
                return;
            }
        }
        throw new NoSuchMethodException(mnemonic + " " + operands);
    }

    private boolean fits(Class<?>[] types) {
        if (types.length != operands.size()) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            boolean number = types[i] == int.class || types[i] == long.class;
            if (number
                    ? !(operands.get(i) instanceof Long)
                    : !types[i].isInstance(operands.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static Object operand(String text) {
        Matcher memory = MEMORY.matcher(text);
        if (memory.matches()) {
            return memory(memory);
        }
        if (text.matches("-?\\d+")) {
            return Long.parseLong(text);
        }
        return register(text);
    }

    private static Memory memory(Matcher text) {
        int sign = "-".equals(text.group(4)) ? -1 : 1;
        int displacement = text.group(5) == null ? 0 : sign * Integer.parseInt(text.group(5), 16);
        Gpr base = (Gpr) register(text.group(1));
        int scale = text.group(3) == null ? 1 : Integer.parseInt(text.group(3));
        Memory memory =
                text.group(2) == null
                        ? Memory.mem(base, displacement)
                        : Memory.mem(base, register(text.group(2)), scale, displacement);
        if (text.group(6) != null) {
            memory = memory.broadcast();
        }
        return text.group(7) == null ? memory : memory.masked(mask(text.group(7)));
    }

    private static Register register(String text) {
        Matcher vector = VECTOR.matcher(text);
        Matcher mask = MASK.matcher(text);
        if (vector.matches()) {
            int bits = vector.group(1).equals("x") ? 128 : vector.group(1).equals("y") ? 256 : 512;
            int writeMask = vector.group(3) == null ? 0 : Integer.parseInt(vector.group(3));
            return new VectorRegister(
                    Integer.parseInt(vector.group(2)), bits, writeMask, vector.group(4) != null);
        }
        if (mask.matches()) {
            MaskRegister register = mask(mask.group(1));
            return mask.group(2) == null ? register : register.masked(mask(mask.group(2)));
        }
        if (Character.isDigit(text.charAt(1))) {
            int number = Integer.parseInt(text.replaceAll("\\D", ""));
            return new Gpr(number, text.endsWith("d") ? 32 : 64);
        }
        int number = NUMBERED.indexOf(text.substring(1)) / 3;
        return new Gpr(number, text.startsWith("e") ? 32 : 64);
    }

    private static MaskRegister mask(String number) {
        return MaskRegister.k(Integer.parseInt(number));
    }
}
