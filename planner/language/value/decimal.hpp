#pragma once
// The shortest decimal text of a binary number of a given precision, as Go's big.Float prints with 'f' and -1 (which is
// what Terraform shows). Private to value/.
#include <string>

namespace trunkform::language {

/// The positive number `mantissa * 2^exponent`; the mantissa in hexadecimal, with as many bits as the number's
/// precision.
std::string shortest_decimal(const std::string& mantissa, long exponent);

}  // namespace trunkform::language
