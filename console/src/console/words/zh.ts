import account from "./zh-account";
import desk from "./zh-desk";
import forms from "./zh-forms";
import messages from "./zh-messages";
import office from "./zh-office";
import people from "./zh-people";
import processes from "./zh-processes";
import rules from "./zh-rules";
import shell from "./zh-shell";
import tickets from "./zh-tickets";
import wall from "./zh-wall";

export default { account, desk, forms, messages, office, people, processes, rules, shell, tickets, wall };
