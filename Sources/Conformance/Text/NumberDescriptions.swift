extension Double {
    /// A number as every text writes it: a whole number with all its digits and without a fraction, any other with the
    /// digits that tell it from its neighbours, a float32 from those among float32.
    ///
    /// The same number has one form, whether it was held as a `Float` or as a `Double`.
    package var exactDescription: String {
        if isNaN { return "NaN" }
        if isWhole { return self == 0 && sign == .minus ? "-0" : "\(Int(self))" }
        let text = Double(Float(self)) == self ? Float(self).description : description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Three significant digits, for errors and bounds; all of a whole number's.
    package var roughDescription: String {
        guard isFinite, !isWhole else { return exactDescription }
        // log10 of the power of two below the number: the decimal exponent, or one less.
        var exponent = Int((Double(self.exponent) * 0.301_029_995_663_981_2).rounded(.down)) - 2
        if let unit = Double("1e\(exponent)"), abs(self / unit) >= 999.5 { exponent += 1 }
        guard let unit = Double("1e\(exponent)"), unit > 0,
            let rounded = Double("\(Int((self / unit).rounded()))e\(exponent)"), rounded.isFinite
        else { return exactDescription }
        return rounded.isWhole ? rounded.exactDescription : rounded.description.withoutFraction
    }

    /// Whether it is a whole number, and small enough that its digits mean it alone.
    private var isWhole: Bool { abs(self) <= 0x1p53 && rounded(.towardZero) == self }
}

extension Float {
    /// The number in the one form of ``Swift/Double/exactDescription``.
    package var exactDescription: String { Double(self).exactDescription }
}

extension Int {
    /// A count with its thousands set apart: `12,345`.
    package var groupedDescription: String {
        let digits = Array(String(magnitude))
        let grouped = digits.indices.map { place in
            place > 0 && (digits.count - place).isMultiple(of: 3) ? ",\(digits[place])" : "\(digits[place])"
        }
        return (self < 0 ? "-" : "") + grouped.joined()
    }
}

extension String {
    fileprivate var withoutFraction: String { hasSuffix(".0") ? String(dropLast(2)) : self }
}
