extension Double {
    /// Three significant digits, for errors and bounds; a whole number without its fraction.
    package var roughDescription: String {
        guard isFinite, self != 0 else { return withoutFraction }
        // log10 of the power of two below the number: the decimal exponent, or one less.
        var exponent = Int((Double(self.exponent) * 0.301_029_995_663_981_2).rounded(.down)) - 2
        if let unit = Double("1e\(exponent)"), abs(self / unit) >= 999.5 { exponent += 1 }
        guard let unit = Double("1e\(exponent)"), unit > 0,
            let rounded = Double("\(Int((self / unit).rounded()))e\(exponent)"), rounded.isFinite
        else { return withoutFraction }
        return rounded.withoutFraction
    }

    private var withoutFraction: String {
        description.hasSuffix(".0") ? String(description.dropLast(2)) : description
    }
}
