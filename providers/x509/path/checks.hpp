#pragma once
// The checks of schemas/model/path_check.hpp, by concern. Each looks at what was read and adds what is broken; none of
// them looks at another's outcome, at a clock or at OpenSSL's own verification. Inside this room only. Thread-safe.
#include "providers/x509/path/step.hpp"

namespace trunkform::x509::detail {

/// Of one certificate at its place, whatever the path.
// form_checks.cpp
void check_form(const Step& step, const Place& place, Faults& faults);
// name_form_checks.cpp
void check_names(const Step& step, const Place& place, Faults& faults);
// usage_checks.cpp
void check_usages(const Step& step, const Place& place, Faults& faults);
// identifier_checks.cpp
void check_identifiers(const Step& step, const Place& place, Faults& faults);
// constraint_form_checks.cpp
void check_constraint_forms(const Step& step, const Place& place, Faults& faults);
// strength_checks.cpp
void check_strength(const Step& step, const Place& place, Faults& faults);
// issuer_checks.cpp: above the leaf
void check_issuer(const Step& step, const Place& place, const Demands& demands, Faults& faults);

/// Of a complete path.
// length_checks.cpp
void check_lengths(const Steps& path, const Demands& demands, Faults& faults);
// name_constraint_checks.cpp
void check_name_constraints(const Steps& path, const Demands& demands, Faults& faults);
// policy_checks.cpp
void check_policies(const Steps& path, Faults& faults);

Place place_in(const Steps& path, std::size_t depth);

}  // namespace trunkform::x509::detail
