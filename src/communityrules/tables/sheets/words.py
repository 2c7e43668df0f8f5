"""The words that tables of rules are headed with, in Chinese and English."""

from __future__ import annotations

from typing import Final, Literal

#: What a column is about. Those of the language's own clauses have the clause's name.
Meaning = Literal[
    "number", "name", "content", "scope", "except", "effective", "until", "category", "authority", "response",
    "solution", "priority", "if", "then", "require", "penalty", "responsible", "modality", "trial", "in", "on", "every",
    "found_by", "review_by", "overrides", "cooldown", "status", "words", "pattern", "replacement", "points", "reason",
    "example", "note",
]  # fmt: skip

#: Heads that belong to rules and to little else. Separated by spaces; spaces within a head do not count.
OWN: Final[dict[Meaning, str]] = {
    "number": (
        "规则编号 规则号 规则序号 规则id 规则代码 条款编号 条款号 条例编号 条例 条文编号 守则编号 版规编号 "
        "群规编号 规定编号 制度编号 ruleid ruleno rulenumber rulenum rule# clauseno clauseid articleno policyid "
        "policyno requirementid reqid controlid 規則番号"
    ),
    "name": (
        "规则名称 规则名 规则标题 条款名称 规定名称 守则名称 制度名称 版规名称 群规名称 rulename ruletitle "
        "policyname policytitle requirementname controlname 规则类型 規則名"
    ),
    "content": (
        "规则内容 规则描述 规则说明 规则详情 规则正文 规则 群规 版规 条款内容 条文内容 条文 条款 规定内容 规定 "
        "具体规定 守则 守则内容 制度内容 管理规定 规范内容 规范 行为规范 要求内容 rulecontent ruletext "
        "ruledescription ruledesc ruledetail ruledetails rulebody rule rules ruletexts policy policytext "
        "policydescription requirementdescription reqdescription requirementtext guideline guidelines "
        "controldescription communityrule communityrules 規則内容"
    ),
    "scope": (
        "适用对象 适用人员 适用人群 适用成员 适用角色 适用于 适用 约束对象 规范对象 管理对象 appliesto "
        "applicableto applicability appliesfor"
    ),
    "except": ("例外 除外 不适用 不适用于 豁免 豁免对象 例外对象 except exceptions exception exempt exemptions"),
    "effective": (
        "实施时间 实施日期 生效时间 生效日期 施行日期 施行时间 执行时间 执行日期 启用时间 启用日期 生效日 实施日 "
        "生效 实施 effective effectivedate effectivefrom effectivetime dateeffective inforcefrom effectivesince"
    ),
    "until": (
        "失效时间 失效日期 截止时间 截止日期 终止日期 有效期至 到期日 到期日期 废止日期 expires expirydate "
        "expirationdate validuntil validto effectiveto effectiveuntil"
    ),
    "penalty": (
        "处罚 处罚措施 处罚方式 处罚标准 处罚结果 处分 惩罚 惩罚措施 惩处 罚则 违规处罚 违规后果 违反后果 penalty "
        "penalties punishment sanction sanctions"
    ),
    "if": (
        "条件 情形 若 如果 当 触发条件 判定条件 适用情形 违规情形 违规行为 行为 违规类型 违规内容 情况 触发情形 "
        "判断标准 判定标准 认定标准 condition conditions if when trigger triggers criteria violation violations "
        "offence offense behaviour behavior 条件式"
    ),
    "then": (
        "则 处理 处置 处理方式 处理措施 处置方式 处置措施 措施 执行动作 动作 操作 处理结果 处理办法 处理方法 "
        "处理意见 应对措施 then action actions consequence consequences enforcement moderatoraction 対応"
    ),
    "require": (
        "时限要求 解决时间 解决时限 时限 处理时限 期限 完成时限 办理时限 应完成 处理时间 完成时间 办结时限 办结时间 "
        "解决期限 require required requires deadline duty timelimit timeframe resolutiontime resolutionsla "
        "timetoresolve timetoresolution resolvewithin resolvetime resolutiontarget fixtime timetofix completiontime "
        "settlementtime settledwithin handlingtime turnaround turnaroundtime"
    ),
    "modality": ("性质 规则性质 约束力 强制性 效力 是否强制 约束程度 modality obligation bindingness mandatory"),
    "trial": ("试行 试行期 试行至 是否试行 trial trialuntil trialperiod pilot"),
    "responsible": (
        "责任人 责任部门 负责人 负责部门 责任方 执行人 执行部门 执行者 承办人 承办部门 主责 经办人 处理人 处理部门 "
        "监督人 担当 处理人员 处理团队 处理岗位 责任岗位 责任团队 负责团队 负责岗位 对接人 对应部门 受理部门 受理人 "
        "responsible responsibility owner assignee responsibleperson responsibleparty accountable handler handledby "
        "owners responsibleteam handlers assignedto assigned assignto ownedby whohandles whohandlesit "
        "whoisresponsible handlingteam supportteam owningteam"
    ),
    "category": (
        "问题分类 问题类型 问题类别 投诉类型 工单类型 反馈类型 事项 事项类型 业务类型 问题种类 投诉类别 投诉分类 "
        "工单分类 工单类别 反馈类别 反馈分类 举报类型 举报类别 举报分类 咨询类型 咨询类别 诉求类型 诉求类别 "
        "请求类型 事项类别 事项分类 事件类别 事件分类 issuecategory issuetype issue problemtype problemcategory "
        "tickettype casetype issues ticketcategory casecategory complainttype complaintcategory reporttype "
        "reportcategory feedbacktype feedbackcategory requesttype requestcategory questiontype questioncategory "
        "querytype enquirytype inquirytype incidenttype incidentcategory typeofissue typeofproblem typeofrequest "
        "typeofcomplaint kindofissue natureofissue"
    ),
    "authority": (
        "处理权限 权限 审批权限 权限级别 处理级别 处理层级 处理权 权限归属 处置权限 authority permission "
        "permissions handlinglevel handlingauthority escalationlevel whodecides whomaydecide decidedby authorisedby "
        "authorizedby permissionlevel handlingpermission"
    ),
    "response": (
        "响应时间 回应时间 响应时限 响应 回复时限 回复时间 答复时限 首次响应 首响时间 反应时间 响应要求 响应速度 "
        "答复时间 首次响应时间 首次响应时限 首次回复 首次回复时间 首响 responsetime response firstresponse "
        "firstresponsetime responsewithin sla responsesla responsetarget timetorespond timetoresponse "
        "timetofirstresponse timetoreply replywithin replytime firstreply firstreplytime answerwithin answertime "
        "respondwithin reactiontime timetoanswer acknowledgewithin"
    ),
    "solution": (
        "解决方案 解决办法 解决方法 解决措施 处理流程 处理步骤 方案 办法 解决方式 处理方案 处置方案 应对方案 "
        "应对办法 标准方案 solution resolution resolutionsteps remedy procedure steps remediation fix solutions "
        "howtoresolve howtosolve howtofix whattodo whatwedo howtohandle howwehandleit howitissolved handling "
        "resolutionplan standardsolution"
    ),
    "priority": (
        "优先级 优先级别 优先程度 优先 紧急程度 紧急度 优先等级 紧急级别 重要程度 重要性 priority urgency "
        "prioritylevel ticketpriority urgencylevel"
    ),
    "found_by": ("认定 认定人 认定方式 发现方式 检查人 判定人 foundby judgedby determinedby"),
    "review_by": ("复审 复审日期 复审时间 评审日期 下次评审 reviewby reviewdate nextreview"),
    "overrides": ("优先于 overrides supersedes"),
    "cooldown": ("冷却 冷却时间 cooldown"),
    "every": ("周期 频率 检查周期 执行周期 every period frequency"),
    "on": ("触发事件 事件 事件类型 event events on triggerevent eventtype"),
    "in": (
        "适用范围 适用频道 适用板块 适用版块 适用群 适用场所 适用区域 频道 版块 板块 群组 channel channels forum "
        "board place in"
    ),
    "words": (
        "关键词 关键字 敏感词 违禁词 屏蔽词 词语 禁词 检索词 检索单词 検索単語 単語 单词 禁用词 keyword keywords "
        "words word bannedwords blockedwords term terms phrase phrases searchword searchterm 禁止語"
    ),
    "pattern": (
        "正则 正则表达式 匹配规则 匹配模式 模式 格式 pattern patterns regex regexp regularexpression expression "
        "matchpattern"
    ),
    "replacement": (
        "替换 替换为 修正后 更正 建议用语 修改为 替代 replacement replacewith correction suggestion corrected"
    ),
    "points": ("积分 扣分 加分 分值 分数 points score"),
}
#: Heads that other tables have, too.
SHARED: Final[dict[Meaning, str]] = {
    "number": (
        "编号 序号 号码 序列 id no num number # 代码 编码 条目 code serial serialno sn index 番号 项次 项目编号 "
        "nr itemno ref reference №"
    ),
    "name": ("名称 标题 题目 主题 名 项目 项目名称 name title subject topic heading item label 项 要点 件名 タイトル"),
    "content": (
        "内容 说明 描述 详情 详细内容 详细说明 具体内容 正文 条文内容 细则 要求 具体要求 content description desc "
        "text details detail body statement requirement requirements summary explanation definition 説明 概要"
    ),
    "scope": ("对象 范围 人群 人员 角色 身份 成员 scope audience who target targets role roles members 対象"),
    "effective": ("日期 时间 开始时间 开始日期 起始日期 发布日期 发布时间 date from since startdate start validfrom"),
    "until": ("结束时间 结束日期 enddate until to end"),
    "category": ("分类 类别 类型 种类 模块 category type class group section kind 分類"),
    "status": ("状态 是否启用 启用 是否有效 status state enabled active isactive"),
    "reason": ("理由 原因 依据 目的 缘由 reason rationale why justification purpose basis 根拠"),
    "example": ("示例 例子 举例 案例 例 example examples sample e.g. eg"),
    "note": ("备注 注释 附注 注 补充 补充说明 其他 备考 remark remarks note notes comment comments memo 備考"),
    "priority": ("级别 等级 严重程度 严重性 严重等级 level severity importance grade"),
    "then": ("结果 result results outcome output"),
    "in": ("位置 平台 location platform"),
}

#: Labels of the rows or columns of a matrix, one kind a text.
AXES: Final[tuple[str, ...]] = (
    (
        "严重 紧急 重大 重要 较重 一般 轻微 轻度 中度 重度 极高 高 中 低 特急 critical blocker urgent severe "
        "serious high medium moderate normal low minor major trivial p0 p1 p2 p3 p4 s1 s2 s3 s4 sev1 sev2 sev3 "
        "sev4 一级 二级 三级 四级 特级 1级 2级 3级 4级 level1 level2 level3"
    ),
    (
        "免费版 免费 试用 试用版 基础版 基础 标准版 标准 专业版 专业 高级版 高级 企业版 企业 团队版 旗舰版 尊享 "
        "普通用户 付费用户 会员 vip svip 普通会员 free trial basic starter standard plus pro professional premium "
        "business team enterprise gold silver bronze platinum"
    ),
    (
        "成员 普通成员 新成员 新人 老成员 管理员 群主 版主 客服 访客 游客 嘉宾 审核员 member members newcomer "
        "newmember moderator moderators mod mods admin admins administrator owner guest visitor staff service "
        "reviewer user users everyone trusted regular"
    ),
    (
        "公告 闲聊 灌水 提问 问答 求助 交易 求职 招聘 技术 活动 反馈 新手 主群 分群 公告频道 闲聊频道 提问频道 "
        "general announcements chat offtopic help support questions trading marketplace jobs introductions "
        "feedback bots media memes"
    ),
    (
        "首次 初次 第一次 第二次 第三次 第四次 第五次 一次 两次 二次 三次 四次 五次 再次 多次 屡次 第1次 第2次 "
        "第3次 第4次 1次 2次 3次 4次 初犯 再犯 累犯 first second third fourth 1st 2nd 3rd 4th firsttime "
        "secondtime thirdtime firstoffence secondoffence thirdoffence firstoffense secondoffense thirdoffense "
        "1stoffence 2ndoffence 3rdoffence 1stoffense 2ndoffense 3rdoffense 1stviolation 2ndviolation 3rdviolation "
        "repeat repeated firstviolation secondviolation thirdviolation"
    ),
    (
        "工作日 周末 节假日 非工作日 白天 夜间 工作时间 非工作时间 weekday weekdays weekend weekends holiday "
        "holidays daytime night workinghours officehours"
    ),
)
#: What the cells of a table of permissions say.
MARKS: Final = (
    "是 否 可 不可 可以 不可以 允许 不允许 禁止 需审核 审核 需要 不需要 有 无 限制 yes no allow allowed deny "
    "denied forbidden y n ok limited review"
)
