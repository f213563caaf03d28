package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;

/// What generated loops call for one number: the operations of [LoopCode] that have no instruction
/// of their own. All are small enough to be inlined.
final class LoopNumbers {
    private LoopNumbers() {}

    static double getDouble(long address) {
        return Native.ALL.get(JAVA_DOUBLE_UNALIGNED, address);
    }

    static void putDouble(long address, double value) {
        Native.ALL.set(JAVA_DOUBLE_UNALIGNED, address, value);
    }

    static boolean getBoolean(long address) {
        return Native.ALL.get(JAVA_BYTE, address) != 0;
    }

    static void putBoolean(long address, boolean value) {
        Native.ALL.set(JAVA_BYTE, address, (byte) (value ? 1 : 0));
    }

    static float sqrt(float x) {
        return (float) Math.sqrt(x);
    }

    static double sqrt(double x) {
        return Math.sqrt(x);
    }

    static boolean eq(float a, float b) {
        return a == b;
    }

    static boolean ne(float a, float b) {
        return a != b;
    }

    static boolean lt(float a, float b) {
        return a < b;
    }

    static boolean le(float a, float b) {
        return a <= b;
    }

    static boolean gt(float a, float b) {
        return a > b;
    }

    static boolean ge(float a, float b) {
        return a >= b;
    }

    static boolean eq(double a, double b) {
        return a == b;
    }

    static boolean ne(double a, double b) {
        return a != b;
    }

    static boolean lt(double a, double b) {
        return a < b;
    }

    static boolean le(double a, double b) {
        return a <= b;
    }

    static boolean gt(double a, double b) {
        return a > b;
    }

    static boolean ge(double a, double b) {
        return a >= b;
    }

    static float choose(boolean mask, float yes, float no) {
        return mask ? yes : no;
    }

    static double choose(boolean mask, double yes, double no) {
        return mask ? yes : no;
    }
}
