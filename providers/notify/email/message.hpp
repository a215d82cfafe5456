#pragma once
// A mail message (RFC 5322, MIME) of an alert. Nothing that an alert says can add a header: control characters become
// blanks, and what is not printable ASCII is an encoded word (RFC 2047). Inside email only. Pure.
#include <string>
#include <vector>

#include "schemas/model/alert.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::notify {

/// `Operations <ops@example.com>` or `ops@example.com`, taken apart.
struct MailAddress {
  std::string name;  ///< for people; may be empty
  std::string mailbox;
};
/// Error: invalid_input for what is no single address with a domain. Internationalised mailboxes are not taken.
Result<MailAddress> parse_mail_address(const std::string& text);

/// One header's text, folded; never a bare line break.
std::string encoded_header(std::string_view text);

/// The whole message, lines ended by CR LF. Alerts of one incident refer to one another, so that mail programs show
/// them as one conversation.
std::string mail_message(const Alert& alert, const MailAddress& from, const std::vector<MailAddress>& to);

}  // namespace trunkform::notify
